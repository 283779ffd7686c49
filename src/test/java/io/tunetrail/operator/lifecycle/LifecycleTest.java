package io.tunetrail.operator.lifecycle;

import static io.tunetrail.operator.lifecycle.Case.applied;
import static io.tunetrail.operator.lifecycle.Case.flyway;
import static io.tunetrail.operator.lifecycle.Case.migration;
import static io.tunetrail.operator.lifecycle.Case.pending;
import static io.tunetrail.operator.lifecycle.Case.repeatable;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Edition;
import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.DatabaseFacts.InterruptedScript;
import io.tunetrail.operator.lifecycle.Observed.Memory;
import io.tunetrail.operator.lifecycle.ObservedJob.Blocked;
import io.tunetrail.operator.lifecycle.ObservedJob.Running;
import io.tunetrail.operator.lifecycle.SchemaState.State;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.status.Conditions;
import io.tunetrail.operator.status.StatusFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LifecycleTest {

  @ParameterizedTest(name = "{0} in {1}: {2}")
  @CsvSource({
    "COMMUNITY, DEVELOPMENT, CREATING_TABLES, create-all",
    "COMMUNITY, STAGING, CREATING_TABLES, create-all",
    "COMMUNITY, PRODUCTION, CREATING_TABLES, create-all",
    "COMMERCIAL, DEVELOPMENT, MIGRATING, migrate",
    "COMMERCIAL, STAGING, MIGRATING, migrate",
    "COMMERCIAL, PRODUCTION, AWAITING_APPROVAL,",
    "SAAS, DEVELOPMENT, MIGRATING, migrate",
    "SAAS, STAGING, MIGRATING, migrate",
    "SAAS, PRODUCTION, AWAITING_APPROVAL,",
    "ENTERPRISE, DEVELOPMENT, MIGRATING, migrate",
    "ENTERPRISE, STAGING, MIGRATING, migrate",
    "ENTERPRISE, PRODUCTION, AWAITING_APPROVAL,",
  })
  void edition_and_environment_decide_what_happens(
      Edition edition, Environment environment, Reason reason, String role) {
    var given = new Case();
    given.edition = edition;
    given.environment = environment;
    if (edition == Edition.COMMUNITY) {
      given.schema = new SchemaState.CreateAll(null);
    }
    var plan = given.plan();
    assertThat(reason(plan)).isEqualTo(reason);
    assertThat(plan.start() == null ? null : plan.start().task().toString()).isEqualTo(role);
  }

  @Test
  void community_runs_again_when_its_sql_changes() {
    var given = new Case();
    given.edition = Edition.COMMUNITY;
    given.schema = new SchemaState.CreateAll(Case.SCRIPTS);
    assertThat(reason(given.plan())).isEqualTo(Reason.UP_TO_DATE);
    given.schema = new SchemaState.CreateAll("sha256:of what was applied before");
    assertThat(reason(given.plan())).isEqualTo(Reason.CREATING_TABLES);
  }

  @Test
  void staging_migrates_up_to_its_target_and_no_further() {
    var given = new Case();
    given.target = "2";
    var plan = given.plan();
    assertThat(requireNonNull(plan.progress()).pending())
        .extracting("version")
        .containsExactly("2");
    assertThat(requireNonNull(plan.start()).target()).isEqualTo("2");
  }

  @Test
  void latest_is_the_newest_script() {
    assertThat(requireNonNull(new Case().plan().progress()).target()).isEqualTo("3");
  }

  @Test
  void repeatable_scripts_are_pending_whatever_the_target() {
    var given = new Case();
    given.target = "1";
    given.schema = flyway("1", applied("1"), pending("2"), repeatable("overview", State.PENDING));
    assertThat(requireNonNull(given.plan().progress()).pending())
        .extracting("script")
        .containsExactly("R__overview.sql");
  }

  @Test
  void nothing_pending_is_up_to_date() {
    var given = new Case();
    given.schema = flyway("1", applied("1"));
    assertThat(reason(given.plan())).isEqualTo(Reason.UP_TO_DATE);
    assertThat(given.plan().start()).isNull();
  }

  @Test
  void an_invalid_index_is_named_even_when_nothing_is_pending() {
    var given = schema(flyway("1", applied("1")));
    given.invalidIndexes = java.util.List.of("public.songs_title");
    assertThat(requireNonNull(given.plan().verdict()).message())
        .contains("invalid", "public.songs_title");
  }

  @Test
  void fault_19_an_invalid_index_is_named_also_while_a_failed_migration_is_what_is_reported() {
    var given = new Case();
    given.invalidIndexes = java.util.List.of("public.songs_title", "public.\"Odd\"");
    given.ended(Outcome.SQL_FAILED, Duration.ofMinutes(1));
    var status = StatusFactory.next(null, 1, given.desired(), given.observed(), given.plan());

    assertThat(reason(given.plan())).isEqualTo(Reason.MIGRATION_FAILED);
    var named = Conditions.find(status.conditions(), Conditions.INDEXES_INVALID).orElseThrow();
    assertThat(named.status()).isEqualTo("True");
    assertThat(named.message())
        .contains("public.songs_title, public.\"Odd\"", "REINDEX INDEX CONCURRENTLY");
    given.invalidIndexes = java.util.List.of();
    var mended = StatusFactory.next(status, 1, given.desired(), given.observed(), given.plan());
    assertThat(Conditions.find(mended.conditions(), Conditions.INDEXES_INVALID)).isEmpty();
  }

  @Test
  void a_suspended_resource_starts_nothing() {
    var given = new Case();
    given.suspended = true;
    assertThat(reason(given.plan())).isEqualTo(Reason.SUSPENDED);
    assertThat(given.plan().start()).isNull();
  }

  @Test
  void a_running_job_is_neither_doubled_nor_replaced_by_a_newer_spec() {
    var given = new Case();
    given.jobs.add(
        new ObservedJob(
            "other", Task.MIGRATE, "sha256:of an older spec", 1, null, new ObservedJob.Running()));
    assertThat(given.plan().start()).isNull();
    assertThat(reason(given.plan())).isEqualTo(Reason.MIGRATING);
    given.holder = "somebody-else";
    assertThat(reason(given.plan())).isEqualTo(Reason.WAITING_FOR_LOCK);
    given.holder = "tunetrail-backup/karaoke-backup-29123456";
    assertThat(reason(given.plan())).isEqualTo(Reason.WAITING_FOR_BACKUP);
    given.holder = "other";
    assertThat(reason(given.plan())).isEqualTo(Reason.MIGRATING);
  }

  @Test
  void an_unreachable_database_keeps_the_last_good_values_and_is_looked_at_often() {
    var given = new Case();
    given.look = new Look.Unseen(Reason.DATABASE_UNREACHABLE, "connection refused");
    var plan = given.plan();
    assertThat(reason(plan)).isEqualTo(Reason.DATABASE_UNREACHABLE);
    assertThat(plan.progress()).isNull();
    assertThat(plan.lookAgain()).isLessThanOrEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void a_password_under_rotation_is_nothing_to_speak_of_for_ten_seconds() {
    var given = new Case();
    given.look = new Look.Unseen(Reason.AUTHENTICATION_FAILED, "refused");
    given.memory = new Memory(null, null, null, true, Case.NOW.minusSeconds(9), DriftMemory.NONE);
    assertThat(given.plan().verdict()).isNull();
    given.memory = new Memory(null, null, null, true, Case.NOW.minusSeconds(10), DriftMemory.NONE);
    assertThat(reason(given.plan())).isEqualTo(Reason.AUTHENTICATION_FAILED);
  }

  @Test
  void a_password_that_never_worked_is_said_at_once() {
    var given = new Case();
    given.look = new Look.Unseen(Reason.AUTHENTICATION_FAILED, "refused");
    given.memory = new Memory(null, null, null, false, Case.NOW, DriftMemory.NONE);
    assertThat(reason(given.plan())).isEqualTo(Reason.AUTHENTICATION_FAILED);
  }

  @Test
  void what_makes_a_database_unfit_is_said_before_anything_runs() {
    var rival = new Case();
    rival.rival = "TuneTrailDatabase older";
    assertRefused(rival, Reason.DATABASE_CONFLICT);
    var pooled = new Case();
    pooled.pooled = true;
    assertRefused(pooled, Reason.TRANSACTION_POOLING);
    var replica = new Case();
    replica.inRecovery = true;
    assertRefused(replica, Reason.READ_ONLY_REPLICA);
  }

  @Test
  void fault_45_a_laxer_environment_is_refused_and_a_stricter_one_is_gated_at_once() {
    var given = new Case();
    given.strictest = Environment.PRODUCTION;
    assertRefused(given, Reason.ENVIRONMENT_LAXER);
    given.strictest = null;
    given.memory =
        new Memory(Environment.PRODUCTION, "identity", null, true, null, DriftMemory.NONE);
    assertRefused(given, Reason.ENVIRONMENT_LAXER);
    given.memory =
        new Memory(Environment.PRODUCTION, "another database", null, true, null, DriftMemory.NONE);
    assertThat(reason(given.plan())).isEqualTo(Reason.MIGRATING);
    given.memory = new Memory(Environment.STAGING, "identity", null, true, null, DriftMemory.NONE);
    given.production();
    assertRefused(given, Reason.AWAITING_APPROVAL);
  }

  @Test
  void fault_25_a_changed_checksum_is_never_repaired() {
    var given = schema(flyway("1", migration("1", State.CHANGED), pending("2")));
    assertRefused(given, Reason.CHECKSUM_CHANGED);
    given.retry = "again";
    assertRefused(given, Reason.CHECKSUM_CHANGED);
  }

  @Test
  void a_history_that_does_not_fit_the_scripts_is_never_repaired() {
    assertRefused(
        schema(flyway("2", migration("1", State.REMOVED), applied("2"))), Reason.SCRIPT_REMOVED);
    assertRefused(
        schema(flyway("3", applied("1"), migration("2", State.SKIPPED), applied("3"))),
        Reason.OUT_OF_ORDER);
    assertRefused(
        schema(new SchemaState.Unreadable("two scripts have version 2")), Reason.INVALID_SCRIPTS);
  }

  @Test
  void a_target_must_exist() {
    var missing = new Case();
    missing.target = "9";
    assertRefused(missing, Reason.TARGET_NOT_FOUND);
  }

  @Test
  void fault_25_a_database_ahead_of_the_target_is_left_as_it_is() {
    var below = schema(flyway("3", applied("1"), applied("2"), applied("3")));
    below.target = "2";
    assertRefused(below, Reason.TARGET_BELOW_DATABASE);
    assertRefused(
        schema(flyway("9", applied("1"), migration("9", State.FUTURE))),
        Reason.TARGET_BELOW_DATABASE);
  }

  @Test
  void versions_compare_as_numbers() {
    var given = schema(flyway("9", applied("9"), pending("10")));
    assertThat(requireNonNull(given.plan().progress()).target()).isEqualTo("10");
  }

  @Test
  void fault_21_an_interrupted_script_is_not_run_again_blindly() {
    var given = new Case();
    given.interrupted = new InterruptedScript("V2__step.sql", "karaoke-migrate-1", null);
    assertRefused(given, Reason.HISTORY_CONFLICT);
    given.retry = "a person looked";
    assertThat(reason(given.plan())).isEqualTo(Reason.MIGRATING);
  }

  private static Case schema(SchemaState schema) {
    var given = new Case();
    given.schema = schema;
    return given;
  }

  private static void assertRefused(Case given, Reason reason) {
    assertThat(reason(given.plan())).isEqualTo(reason);
    assertThat(given.plan().start()).isNull();
  }

  private static Reason reason(Plan plan) {
    return requireNonNull(plan.verdict()).reason();
  }

  @Test
  void where_jobs_look_nothing_is_started_but_the_look_that_is_due() {
    var given = new Case();
    given.look = new Look.Due(new Work(Method.FLYWAY, Task.LOOK, "inputs", 1, "", null, null));
    assertThat(requireNonNull(given.plan().start()).task()).isEqualTo(Task.LOOK);
    assertThat(requireNonNull(given.plan().verdict()).reason()).isEqualTo(Reason.LOOKING);
    given.look = new Look.UnderWay(look(new Running()));
    assertThat(given.plan().start()).isNull();
    assertThat(requireNonNull(given.plan().verdict()).reason()).isEqualTo(Reason.LOOKING);
  }

  @Test
  void a_look_that_can_not_start_says_why() {
    var given = new Case();
    given.look = new Look.UnderWay(look(new Blocked(Reason.POD_UNSCHEDULABLE, "0/1 nodes", 1L)));
    assertThat(given.plan().verdict())
        .isEqualTo(new Verdict(Reason.POD_UNSCHEDULABLE, "0/1 nodes"));
    assertThat(given.plan().start()).isNull();
  }

  private static ObservedJob look(ObservedJob.State state) {
    return new ObservedJob("karaoke-look-1", Task.LOOK, "inputs", 1, null, state);
  }
}
