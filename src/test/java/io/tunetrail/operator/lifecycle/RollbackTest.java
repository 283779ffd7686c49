package io.tunetrail.operator.lifecycle;

import static io.tunetrail.operator.lifecycle.Case.applied;
import static io.tunetrail.operator.lifecycle.Case.flyway;
import static io.tunetrail.operator.lifecycle.Case.migration;
import static io.tunetrail.operator.lifecycle.Case.pending;
import static io.tunetrail.operator.lifecycle.Case.reversible;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.Rollback;
import io.tunetrail.operator.lifecycle.DatabaseFacts.InterruptedScript;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.lifecycle.SchemaState.State;
import java.util.List;
import org.junit.jupiter.api.Test;

class RollbackTest {

  @Test
  void fault_42_a_target_below_the_database_is_refused_with_the_choices() {
    var given = at3();
    given.rollback = Rollback.FORBID;
    var verdict = requireNonNull(given.plan().verdict());
    assertThat(verdict.reason()).isEqualTo(Reason.TARGET_BELOW_DATABASE);
    assertThat(verdict.message())
        .isEqualTo(
            "the target is 1, the database is at 3; going back would undo 3, 2 by the project's own"
                + " reverse scripts. Raise targetVersion, or set migration.rollback to Undo or"
                + " Restore to go back.");
    assertThat(given.plan().start()).isNull();
  }

  @Test
  void staging_goes_back_by_the_reverse_scripts_newest_first() {
    var plan = at3().plan();
    assertThat(requireNonNull(plan.verdict()).reason()).isEqualTo(Reason.UNDOING);
    assertThat(requireNonNull(plan.start()).task()).isEqualTo(Task.UNDO);
    assertThat(requireNonNull(plan.progress()).pending())
        .extracting(Migration::version)
        .containsExactly("3", "2");
  }

  @Test
  void a_missing_reverse_script_is_named_before_anything_runs() {
    var given = at3();
    given.schema = flyway("3", applied("1"), applied("2"), reversible("3"));
    var plan = given.plan();
    assertThat(plan.start()).isNull();
    assertThat(requireNonNull(plan.verdict()).reason()).isEqualTo(Reason.UNDO_SCRIPT_MISSING);
    assertThat(requireNonNull(plan.verdict()).detail()).contains("V2__step.sql");
  }

  @Test
  void what_no_script_of_the_project_did_is_never_taken_back() {
    var newer = at3();
    newer.schema = flyway("9", reversible("1"), migration("9", State.FUTURE));
    assertThat(reason(newer)).isEqualTo(Reason.UNDO_SCRIPT_MISSING);
    var adopted = at3();
    adopted.schema = flyway("2", reversible("2", State.BELOW_BASELINE), pending("3"));
    adopted.target = "1";
    adopted.schema =
        flyway(
            "2",
            reversible("1", State.BELOW_BASELINE),
            reversible("2", State.BELOW_BASELINE),
            pending("3"));
    assertThat(reason(adopted)).isEqualTo(Reason.UNDO_SCRIPT_MISSING);
  }

  @Test
  void going_back_in_production_needs_an_approval_of_its_own() {
    var given = at3().production();
    assertThat(reason(given)).isEqualTo(Reason.AWAITING_APPROVAL);
    assertThat(requireNonNull(given.plan().verdict()).message()).contains("undo: true");
    given.approve("1");
    assertThat(requireNonNull(given.plan().verdict()).message()).contains("undo: true");
    given.approveUndo("1");
    assertThat(requireNonNull(given.plan().start()).task()).isEqualTo(Task.UNDO);
  }

  @Test
  void an_approval_to_go_back_never_lets_anything_go_forward() {
    var given = new Case().production().approveUndo("3");
    assertThat(reason(given)).isEqualTo(Reason.AWAITING_APPROVAL);
  }

  @Test
  void an_approval_to_go_back_stays_valid_half_way_and_is_spent_at_its_end() {
    var given = at3().production().approveUndo("1");
    given.remember(given.plan().approval());
    given.schema = flyway("2", reversible("1"), reversible("2"), reversible("3", State.PENDING));
    assertThat(given.plan().start()).isNotNull();
    given.schema =
        flyway(
            "1", reversible("1"), reversible("2", State.PENDING), reversible("3", State.PENDING));
    assertThat(requireNonNull(given.plan().approval()).spent()).isTrue();
    given.remember(given.plan().approval());
    given.schema = flyway("3", reversible("1"), reversible("2"), reversible("3"));
    assertThat(reason(given)).isEqualTo(Reason.AWAITING_APPROVAL);
  }

  @Test
  void the_digest_of_a_half_undone_list_is_known_without_any_memory() {
    var given = at3().production();
    var digest = requireNonNull(requireNonNull(given.plan().progress()).pendingDigest());
    given.approval = new io.tunetrail.operator.api.ApprovalSpec("1", digest, true, "ada", null);
    given.schema = flyway("2", reversible("1"), reversible("2"), reversible("3", State.PENDING));
    assertThat(given.plan().start()).isNotNull();
  }

  @Test
  void upgrade_undo_upgrade_are_three_different_works() {
    var given = new Case();
    given.schema = flyway("1", reversible("1"), reversible("2", State.PENDING));
    var up = requireNonNull(given.plan().start());
    given.schema = flyway("2", reversible("1"), reversible("2"));
    given.rollback = Rollback.UNDO;
    given.target = "1";
    var down = requireNonNull(given.plan().start());
    assertThat(down.jobName("karaoke")).isNotEqualTo(up.jobName("karaoke")).contains("-undo-");
  }

  @Test
  void where_a_backup_takes_it_back_no_script_runs_and_a_restore_is_waited_for() {
    for (var given : List.of(toRestore(), toRestore().production(), toRestore().approveUndo("1"))) {
      var plan = given.plan();
      assertThat(plan.start()).isNull();
      assertThat(requireNonNull(plan.verdict()))
          .isEqualTo(
              new Verdict(Reason.ROLLBACK_AWAITS_RESTORE, "the target is 1, the database is at 3"));
      assertThat(plan.gateClosed()).as("there is nothing to approve in spec.approval").isFalse();
      assertThat(requireNonNull(plan.progress()).pending()).isEmpty();
      assertThat(requireNonNull(plan.progress()).current()).isEqualTo("3");
      assertThat(requireNonNull(plan.progress()).target()).isEqualTo("1");
    }
  }

  @Test
  void a_backup_takes_back_what_no_script_could_also_with_scripts_that_changed() {
    var given = toRestore();
    given.schema = flyway("3", applied("1"), migration("2", State.CHANGED), applied("3"));
    assertThat(reason(given)).isEqualTo(Reason.ROLLBACK_AWAITS_RESTORE);
    given.schema = flyway("9", applied("1"), migration("9", State.FUTURE));
    assertThat(reason(given)).isEqualTo(Reason.ROLLBACK_AWAITS_RESTORE);
  }

  @Test
  void a_script_that_failed_half_way_is_taken_back_once_nobody_asks_for_its_version() {
    var given = toRestore();
    given.schema = flyway("2", applied("1"), applied("2"), migration("3", State.FAILED));
    given.target = "2";
    assertThat(requireNonNull(given.plan().verdict()).detail())
        .isEqualTo("the target is 2, and V3__step.sql, which is above it, was done by half");
    given.target = "3";
    assertThat(reason(given)).as("it is tried again").isEqualTo(Reason.MIGRATING);
    given.target = Desired.LATEST;
    assertThat(reason(given)).isEqualTo(Reason.MIGRATING);
    given.target = "2";
    given.rollback = Rollback.UNDO;
    assertThat(reason(given)).isEqualTo(Reason.UP_TO_DATE);
  }

  @Test
  void so_is_one_that_was_cut_off_outside_a_transaction() {
    var given = toRestore();
    given.schema = flyway("2", applied("1"), applied("2"), pending("3"));
    given.interrupted = new InterruptedScript("V3__step.sql", "karaoke-migrate-1", null);
    given.target = "2";
    assertThat(reason(given)).isEqualTo(Reason.ROLLBACK_AWAITS_RESTORE);
    given.retry = "looked at it by hand";
    assertThat(reason(given)).isEqualTo(Reason.UP_TO_DATE);
    given.retry = null;
    given.target = "3";
    assertThat(reason(given)).as("never by itself").isEqualTo(Reason.HISTORY_CONFLICT);
  }

  private static Case toRestore() {
    var given = at3();
    given.schema = flyway("3", applied("1"), applied("2"), applied("3"));
    given.rollback = Rollback.RESTORE;
    return given;
  }

  private static Case at3() {
    var given = new Case();
    given.schema = flyway("3", reversible("1"), reversible("2"), reversible("3"));
    given.target = "1";
    given.rollback = Rollback.UNDO;
    return given;
  }

  private static Reason reason(Case given) {
    return requireNonNull(given.plan().verdict()).reason();
  }
}
