package io.tunetrail.operator.lifecycle;

import static io.tunetrail.operator.lifecycle.Case.applied;
import static io.tunetrail.operator.lifecycle.Case.flyway;
import static io.tunetrail.operator.lifecycle.Case.pending;
import static io.tunetrail.operator.lifecycle.Case.reversible;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.Edition;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.Rollback;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.lifecycle.ObservedJob.Running;
import io.tunetrail.operator.lifecycle.SchemaDrift.State;
import io.tunetrail.operator.status.Announcement;
import io.tunetrail.operator.status.Conditions;
import io.tunetrail.operator.status.StatusFactory;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What changes that no work made mean for the next work, and how they are told. */
class DriftTest {
  private static final String NOW = "sha256:" + "1".repeat(64);
  private static final String THEN = "sha256:" + "0".repeat(64);

  static SchemaDrift drifted() {
    return new SchemaDrift(
        State.COMPARED,
        NOW,
        THEN,
        "2026-04-30T12:00:00Z",
        List.of("table public.songs: column born"),
        List.of("view public.overview"),
        List.of("table public.songs: column title is text, was character varying(20)"),
        5);
  }

  private static SchemaDrift asRecorded() {
    return new SchemaDrift(
        State.COMPARED, THEN, THEN, "2026-04-30T12:00:00Z", List.of(), List.of(), List.of(), 0);
  }

  private static Case drifted(Case given) {
    given.drift = drifted();
    return given;
  }

  private static Reason reason(Case given) {
    return requireNonNull(given.plan().verdict()).reason();
  }

  private static TuneTrailDatabaseStatus status(
      @Nullable TuneTrailDatabaseStatus previous, Case given) {
    return StatusFactory.next(previous, 1, given.desired(), given.observed(), given.plan());
  }

  private static Optional<Condition> condition(TuneTrailDatabaseStatus status) {
    return Conditions.find(status.conditions(), Conditions.DRIFTED);
  }

  @ParameterizedTest(name = "{0}, onDrift {1}: {2}")
  @CsvSource({
    "DEVELOPMENT, , MIGRATING",
    "STAGING, , MIGRATING",
    "PRODUCTION, , SCHEMA_DRIFTED",
    "STAGING, true, SCHEMA_DRIFTED",
    "PRODUCTION, false, MIGRATING",
  })
  void pending_work_waits_in_production_or_where_it_is_asked_to(
      io.tunetrail.operator.api.Environment environment, @Nullable Boolean blocks, Reason reason) {
    var given = drifted(new Case()).approve("3");
    given.environment = environment;
    given.blocksOnDrift = blocks;

    assertThat(reason(given)).isEqualTo(reason);
    assertThat(given.plan().start() == null).isEqualTo(reason == Reason.SCHEMA_DRIFTED);
  }

  @Test
  void what_is_otherwise_is_named_with_what_to_do() {
    var message =
        requireNonNull(drifted(new Case()).production().approve("3").plan().verdict()).message();

    assertThat(message)
        .contains(
            "5 differences",
            "table public.songs: column born added",
            "view public.overview removed",
            "column title is text, was character varying(20) changed",
            "and 2 more",
            "spec.drift.accept");
  }

  @Test
  void it_waits_before_anybody_is_asked_to_approve() {
    assertThat(reason(drifted(new Case()).production())).isEqualTo(Reason.SCHEMA_DRIFTED);
  }

  @Test
  void a_schema_that_a_person_accepts_is_no_obstacle_and_another_one_is() {
    var given = drifted(new Case()).production().approve("3");
    given.acceptedDrift = NOW;
    assertThat(reason(given)).isEqualTo(Reason.MIGRATING);
    given.acceptedDrift = THEN;
    assertThat(reason(given)).isEqualTo(Reason.SCHEMA_DRIFTED);
  }

  @Test
  void where_nothing_is_pending_the_database_is_as_current_as_before() {
    var given = drifted(new Case()).production();
    given.schema = flyway("1", applied("1"));

    assertThat(reason(given)).isEqualTo(Reason.UP_TO_DATE);
    assertThat(condition(status(null, given)).orElseThrow().status()).isEqualTo("True");
  }

  @Test
  void going_back_waits_too_and_adopting_the_tables_as_they_are_does_not() {
    var back = drifted(new Case()).production().approveUndo("1");
    back.schema = flyway("2", reversible("1"), reversible("2"));
    back.target = "1";
    back.rollback = Rollback.UNDO;
    assertThat(reason(back)).isEqualTo(Reason.SCHEMA_DRIFTED);
    var adopted = drifted(new Case()).production();
    adopted.schema = flyway("1", applied("1"), pending("2"));
    adopted.baselineVersion = "2";
    adopted.anew = true;
    assertThat(reason(adopted)).isEqualTo(Reason.AWAITING_APPROVAL);
  }

  @Test
  void community_in_production_waits_as_well() {
    var given = drifted(new Case()).production();
    given.edition = Edition.COMMUNITY;
    given.schema = new SchemaState.CreateAll("sha256:before");
    assertThat(reason(given)).isEqualTo(Reason.SCHEMA_DRIFTED);
    given.schema = new SchemaState.CreateAll(Case.SCRIPTS);
    assertThat(reason(given)).isEqualTo(Reason.UP_TO_DATE);
  }

  @Test
  void a_job_that_works_already_is_not_spoken_against() {
    var given = drifted(new Case()).production().approve("3");
    given.jobs.add(
        new ObservedJob("karaoke-migrate", Task.MIGRATE, "inputs", 1, null, new Running()));
    assertThat(reason(given)).isEqualTo(Reason.MIGRATING);
  }

  @ParameterizedTest
  @EnumSource(
      value = State.class,
      names = {"COMPARED"},
      mode = EnumSource.Mode.EXCLUDE)
  void what_could_not_be_compared_is_no_obstacle(State state) {
    var given = new Case().production().approve("3");
    given.drift = SchemaDrift.not(state);
    assertThat(reason(given)).isEqualTo(Reason.MIGRATING);
  }

  @Test
  void the_status_names_what_is_otherwise_until_it_is_taken_back() {
    var given = drifted(new Case());
    given.schema = flyway("1", applied("1"));
    var status = status(null, given);
    var drift = requireNonNull(status.drift());
    assertThat(status.schemaDigest()).isEqualTo(NOW);
    assertThat(drift.fingerprint()).isEqualTo(THEN);
    assertThat(drift.count()).isEqualTo(5);
    assertThat(drift.added()).containsExactly("table public.songs: column born");
    assertThat(condition(status).orElseThrow().reason()).isEqualTo("SchemaDrifted");
    given.drift = asRecorded();

    var healed = status(status, given);

    assertThat(healed.drift()).isNull();
    assertThat(healed.schemaDigest()).isEqualTo(THEN);
    assertThat(condition(healed).orElseThrow().reason()).isEqualTo("AsRecorded");
    assertThat(condition(healed).orElseThrow().status()).isEqualTo("False");
  }

  @Test
  void what_is_accepted_is_no_drift_and_is_still_named() {
    var given = drifted(new Case());
    given.acceptedDrift = NOW;
    var status = status(null, given);
    assertThat(condition(status).orElseThrow().reason()).isEqualTo("DriftAccepted");
    assertThat(condition(status).orElseThrow().status()).isEqualTo("False");
    assertThat(status.drift()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "UNDER_WAY, True SchemaDrifted",
    "UNREAD, True SchemaDrifted",
    "UNFINISHED, Unknown WorkUnfinished",
    "UNRECORDED, ",
  })
  void where_nothing_was_compared_the_condition_says_what_is_known(
      State state, @Nullable String expected) {
    var given = drifted(new Case());
    var before = status(null, given);
    given.drift = SchemaDrift.not(state);

    var now = condition(status(before, given)).map(it -> it.status() + " " + it.reason());

    assertThat(now.orElse(null)).isEqualTo(expected);
  }

  /** What a look finds where it can't compare: a spelling of its own, and names. */
  private static SchemaDrift elsewhere(State state, String digest, String... added) {
    return new SchemaDrift(
        state, digest, THEN, "2026-04-30T12:00:00Z", List.of(added), List.of(), List.of(), 0);
  }

  private static String said(TuneTrailDatabaseStatus status) {
    return condition(status).map(it -> it.status() + " " + it.reason()).orElse("nothing");
  }

  private static Case approved(SchemaDrift drift, @Nullable TuneTrailDatabaseStatus before) {
    var given = new Case().production().approve("3");
    given.drift = drift;
    if (before != null) {
      given.memory = new Observed.Memory(null, null, null, true, null, DriftMemory.of(before));
    }
    return given;
  }

  @ParameterizedTest
  @EnumSource(
      value = State.class,
      names = {"OTHER_SERVER", "OTHER_FORMAT"})
  void after_an_upgrade_the_first_look_records_the_schema_anew(State state) {
    var compared = approved(asRecorded(), null);
    var before = status(null, compared);

    var first = status(before, approved(elsewhere(state, NOW), before));

    assertThat(said(first)).isEqualTo("False RecordedAnew");
    assertThat(requireNonNull(first.recordedSchema()).digest()).isEqualTo(NOW);
    assertThat(requireNonNull(first.recordedSchema()).record()).isEqualTo(THEN);
    assertThat(first.schemaDigest()).isEqualTo(NOW);
    assertThat(reason(approved(elsewhere(state, NOW), before))).isEqualTo(Reason.MIGRATING);
    var second = status(first, approved(elsewhere(state, NOW), first));
    assertThat(said(second)).isEqualTo("False AsRecorded");
    assertThat(second.recordedSchema()).isEqualTo(first.recordedSchema());
    assertThat(status(second, compared).recordedSchema()).as("a work recorded it").isNull();
  }

  @Test
  void what_somebody_changes_after_the_upgrade_is_drift_and_stops_production() {
    var first = status(null, approved(elsewhere(State.OTHER_SERVER, NOW), null));
    var changed =
        approved(
            elsewhere(State.OTHER_SERVER, "sha256:" + "2".repeat(64), "table public.bands"), first);

    var status = status(first, changed);

    assertThat(said(status)).isEqualTo("True SchemaDrifted");
    assertThat(requireNonNull(status.drift()).added()).containsExactly("table public.bands");
    assertThat(reason(changed)).isEqualTo(Reason.SCHEMA_DRIFTED);
    var unnamed = approved(elsewhere(State.OTHER_SERVER, "sha256:" + "3".repeat(64)), first);
    assertThat(requireNonNull(unnamed.plan().verdict()).message()).contains("can't be told");
    var back = status(status, approved(elsewhere(State.OTHER_SERVER, NOW), status));
    assertThat(said(back)).isEqualTo("False AsRecorded");
    assertThat(back.drift()).isNull();
  }

  @Test
  void what_had_drifted_before_an_upgrade_has_still_until_it_is_accepted() {
    var before = status(null, drifted(new Case()));
    var given = approved(elsewhere(State.OTHER_SERVER, "sha256:" + "2".repeat(64)), before);

    assertThat(reason(given)).isEqualTo(Reason.SCHEMA_DRIFTED);
    var after = status(before, given);
    assertThat(said(after)).isEqualTo("True SchemaDrifted");
    assertThat(after.recordedSchema()).isNull();
    given.acceptedDrift = after.schemaDigest();
    assertThat(reason(given)).isEqualTo(Reason.MIGRATING);
  }

  @Test
  void another_major_records_it_once_more_and_so_does_another_record() {
    var first = status(null, approved(elsewhere(State.OTHER_SERVER, NOW), null));
    var other = "sha256:" + "2".repeat(64);
    var upgraded = approved(elsewhere(State.OTHER_SERVER, other), first);
    upgraded.serverVersion = 180001;

    var second = status(first, upgraded);

    assertThat(said(second)).isEqualTo("False RecordedAnew");
    assertThat(requireNonNull(second.recordedSchema()).digest()).isEqualTo(other);
  }

  @Test
  void a_database_that_is_away_has_drifted_as_it_had_before() {
    var given = drifted(new Case());
    var before = status(null, given);
    given.look = new Look.Unseen(Reason.DATABASE_UNREACHABLE, "refused");
    var now = status(before, given);
    assertThat(condition(now)).isEqualTo(condition(before));
    assertThat(now.drift()).isEqualTo(before.drift());
  }

  @Test
  void it_is_announced_once_also_where_the_work_goes_on() {
    var given = new Case();
    given.schema = flyway("1", applied("1"));
    given.drift = asRecorded();
    var before = status(null, given);
    given.drift = drifted();
    var after = status(before, given);

    assertThat(Announcement.of(before, after))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.warning()).isTrue();
              assertThat(it.reason()).isEqualTo("SchemaDrifted");
            });
    assertThat(Announcement.of(after, status(after, given))).isEmpty();
  }

  @Test
  void where_it_blocks_it_is_announced_once_and_not_twice() {
    var given = drifted(new Case()).production();
    assertThat(Announcement.of(null, status(null, given))).hasSize(1);
  }
}
