package io.tunetrail.operator.lifecycle;

import static io.tunetrail.operator.lifecycle.Case.flyway;
import static io.tunetrail.operator.lifecycle.Case.migration;
import static io.tunetrail.operator.lifecycle.Case.pending;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Edition;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.DatabaseFacts.ForeignHistory;
import io.tunetrail.operator.lifecycle.SchemaState.State;
import io.tunetrail.operator.migration.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tables without a history, other engines' histories, and editions that change. */
class AdoptionTest {

  @Test
  void tables_without_a_history_are_refused() {
    assertThat(reason(tables())).isEqualTo(Reason.TABLES_WITHOUT_HISTORY);
    assertThat(tables().plan().start()).isNull();
  }

  @Test
  void they_are_adopted_at_a_given_version_after_a_comparison() {
    var given = tables();
    given.baselineVersion = "2";
    var plan = given.plan();
    assertThat(reason(given)).isEqualTo(Reason.ADOPTING);
    assertThat(requireNonNull(plan.start()).task()).isEqualTo(Task.BASELINE);
    assertThat(requireNonNull(plan.start()).target()).isEqualTo("2");
  }

  @Test
  void what_differs_from_the_version_is_said_and_not_adopted() {
    var given = tables();
    given.baselineVersion = "2";
    given.ended(Outcome.SCHEMA_DIFFERS, Duration.ofHours(1));
    assertThat(reason(given)).isEqualTo(Reason.SCHEMA_DIFFERS);
    assertThat(given.plan().start()).isNull();
  }

  @Test
  void once_adopted_only_what_is_newer_runs() {
    var given = new Case();
    given.baselineVersion = "2";
    given.schema =
        flyway(
            "2",
            migration("1", State.BELOW_BASELINE),
            migration("2", State.BELOW_BASELINE),
            pending("3"));
    assertThat(requireNonNull(given.plan().start()).task()).isEqualTo(Task.MIGRATE);
    assertThat(requireNonNull(given.plan().progress()).pending())
        .extracting("version")
        .containsExactly("3");
  }

  @Test
  void adopting_in_production_needs_an_approval_of_that_version() {
    var given = tables().production();
    given.baselineVersion = "2";
    assertThat(reason(given)).isEqualTo(Reason.AWAITING_APPROVAL);
    given.approve("3");
    assertThat(given.plan().start()).isNull();
    given.approve("2");
    assertThat(requireNonNull(given.plan().start()).task()).isEqualTo(Task.BASELINE);
  }

  @Test
  void a_community_database_that_becomes_commercial_is_told_how() {
    var given = tables();
    given.createAllDigest = "sha256:what create-all made";
    assertThat(requireNonNull(given.plan().verdict()).message())
        .contains("made by create-all", "migration.adopt");
  }

  @Test
  void a_commercial_database_that_becomes_community_keeps_its_history_and_says_so() {
    var given = new Case();
    given.edition = Edition.COMMUNITY;
    given.schema = new SchemaState.CreateAll(Case.SCRIPTS);
    given.foreignHistories =
        List.of(new ForeignHistory("public.flyway_schema_history", "ALTER TABLE"));
    assertThat(reason(given)).isEqualTo(Reason.UP_TO_DATE);
    assertThat(requireNonNull(given.plan().verdict()).detail())
        .contains("the history in public.flyway_schema_history is kept and not used");
  }

  static Case tables() {
    var given = new Case();
    given.schema =
        new SchemaState.Flyway(
            false, true, null, List.of(pending("1"), pending("2"), pending("3")));
    return given;
  }

  private static Reason reason(Case given) {
    return requireNonNull(given.plan().verdict()).reason();
  }
}
