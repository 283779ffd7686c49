package io.tunetrail.operator.lifecycle;

import static io.tunetrail.operator.lifecycle.Case.applied;
import static io.tunetrail.operator.lifecycle.Case.flyway;
import static io.tunetrail.operator.lifecycle.Case.migration;
import static io.tunetrail.operator.lifecycle.Case.pending;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.Rollback;
import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.engine.RevisionGraph.Revision;
import io.tunetrail.operator.lifecycle.DatabaseFacts.Adopted;
import io.tunetrail.operator.lifecycle.DatabaseFacts.InterruptedScript;
import io.tunetrail.operator.lifecycle.SchemaState.State;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The way out of a conflict: a history that tells of less than the tables have, or otherwise. */
class RebaselineTest {
  private static final RevisionGraph LINE =
      new RevisionGraph(
          List.of(revision("a1"), revision("b2", "a1"), revision("c3", "b2")),
          Case.SCRIPTS,
          "sha256:env");

  private static Revision revision(String id, String... down) {
    return new Revision(id, List.of(down), List.of(), List.of(), id, "sha256:" + id);
  }

  @Test
  void an_empty_flyway_history_counts_as_none() {
    var given = new Case();
    given.schema = new SchemaState.Flyway(true, true, null, List.of(pending("1"), pending("2")));
    assertThat(task(given)).isEqualTo(Task.MIGRATE);
    given.baselineVersion = "2";
    assertThat(task(given)).isEqualTo(Task.BASELINE);
  }

  @Test
  void an_empty_version_table_counts_as_none() {
    var given = alembic();
    assertThat(task(given)).isEqualTo(Task.MIGRATE);
    given.baselineVersion = "b2";
    assertThat(task(given)).isEqualTo(Task.BASELINE);
    assertThat(requireNonNull(given.plan().start()).target()).isEqualTo("b2");
  }

  @Test
  void a_history_that_our_own_undo_emptied_is_one() {
    var given = alembic();
    given.baselineVersion = "b2";
    given.migratedBefore = true;
    assertThat(task(given)).isEqualTo(Task.MIGRATE);
    given.anew = true;
    assertThat(task(given)).isEqualTo(Task.BASELINE);
  }

  @Test
  void a_failed_row_is_a_history_and_no_reason_to_adopt() {
    var given = new Case();
    given.schema = new SchemaState.Flyway(true, true, null, List.of(migration("1", State.FAILED)));
    given.baselineVersion = "1";
    assertThat(task(given)).isEqualTo(Task.MIGRATE);
    given.anew = true;
    assertThat(task(given)).isEqualTo(Task.BASELINE);
  }

  @Test
  void a_baseline_beyond_the_history_is_noted_only_where_it_is_asked_for_anew() {
    var given = new Case();
    given.baselineVersion = "2";
    assertThat(task(given)).isEqualTo(Task.MIGRATE);
    given.anew = true;
    assertThat(task(given)).isEqualTo(Task.BASELINE);
    assertThat(requireNonNull(given.plan().start()).from()).isEqualTo("1");
    assertThat(requireNonNull(given.plan().start()).target()).isEqualTo("2");
  }

  @Test
  void revisions_beyond_the_version_table_are_stamped_only_where_it_is_asked_for_anew() {
    var given = alembic("a1");
    given.baselineVersion = "b2";
    assertThat(task(given)).isEqualTo(Task.MIGRATE);
    given.anew = true;
    assertThat(task(given)).isEqualTo(Task.BASELINE);
    assertThat(requireNonNull(given.plan().start()).from()).isEqualTo("a1");
    assertThat(requireNonNull(given.plan().start()).target()).isEqualTo("b2");
  }

  @ParameterizedTest
  @EnumSource(names = {"CHANGED", "REMOVED", "FAILED", "SKIPPED"})
  void a_conflict_is_no_objection_to_a_baseline_anew_at_the_databases_version(State conflict) {
    var given = new Case();
    given.schema = flyway("2", migration("1", conflict), applied("2"));
    assertThat(given.plan().progress()).extracting(Progress::task).isEqualTo(Task.MIGRATE);
    given.baselineVersion = "2";
    given.anew = true;
    assertThat(task(given)).isEqualTo(Task.BASELINE);
  }

  @Test
  void a_script_that_was_cut_off_and_finished_by_hand_is_noted() {
    var given = new Case();
    given.interrupted = new InterruptedScript("V2__step.sql", "songs-migrate-1", null);
    assertThat(reason(given)).isEqualTo(Reason.HISTORY_CONFLICT);
    given.baselineVersion = "2";
    given.anew = true;
    assertThat(task(given)).isEqualTo(Task.BASELINE);
  }

  @Test
  void a_revision_that_the_image_does_not_have_is_left_for_one_that_it_has() {
    var given = alembic("zz");
    assertThat(reason(given)).isEqualTo(Reason.UNKNOWN_REVISION);
    given.baselineVersion = "c3";
    given.anew = true;
    assertThat(task(given)).isEqualTo(Task.BASELINE);
    given.baselineVersion = "yy";
    assertThat(reason(given)).isEqualTo(Reason.UNKNOWN_REVISION);
  }

  @Test
  void where_nothing_conflicts_nothing_is_noted() {
    var given = new Case();
    given.baselineVersion = "1";
    given.anew = true;
    assertThat(task(given)).isEqualTo(Task.MIGRATE);
    var other = alembic("b2");
    other.baselineVersion = "b2";
    other.anew = true;
    assertThat(task(other)).isEqualTo(Task.MIGRATE);
  }

  @Test
  void it_never_goes_back() {
    var given = new Case();
    given.schema = flyway("2", applied("1"), migration("2", State.CHANGED));
    given.baselineVersion = "1";
    given.anew = true;
    assertThat(reason(given)).isEqualTo(Reason.CHECKSUM_CHANGED);
    var other = alembic("c3");
    other.baselineVersion = "a1";
    other.anew = true;
    assertThat(reason(other)).isEqualTo(Reason.UP_TO_DATE);
  }

  @Test
  void what_was_taken_once_is_not_taken_again_by_itself() {
    var given = new Case();
    given.baselineVersion = "2";
    given.anew = true;
    given.rollback = Rollback.UNDO;
    given.lastAdoption = new Adopted("2.0", null);
    assertThat(task(given)).isEqualTo(Task.MIGRATE);
    given.schema = flyway("2", applied("1"), migration("2", State.CHANGED));
    assertThat(reason(given)).isEqualTo(Reason.CHECKSUM_CHANGED);
    given.retry = "the script says what the tables are";
    assertThat(task(given)).isEqualTo(Task.BASELINE);
  }

  @Test
  void what_alembic_was_stamped_with_once_is_not_stamped_again_by_itself() {
    var given = alembic("a1");
    given.baselineVersion = "b";
    given.anew = true;
    given.lastAdoption = new Adopted("b2", null);
    assertThat(task(given)).isEqualTo(Task.MIGRATE);
    given.retry = "again";
    assertThat(task(given)).isEqualTo(Task.BASELINE);
  }

  @Test
  void in_production_an_approval_to_migrate_does_not_stand_for_it() {
    var given = new Case().production().approve("2");
    given.target = "2";
    assertThat(task(given)).isEqualTo(Task.MIGRATE);
    given.baselineVersion = "2";
    given.anew = true;
    assertThat(reason(given)).isEqualTo(Reason.AWAITING_APPROVAL);
    assertThat(given.plan().start()).isNull();
    assertThat(requireNonNull(given.plan().verdict()).detail()).contains("with the digest");

    given.approve("2", requireNonNull(given.plan().progress()).pendingDigest());
    assertThat(task(given)).isEqualTo(Task.BASELINE);
  }

  @Test
  void in_production_the_digest_of_the_migration_is_not_that_of_the_baseline() {
    var given = new Case().production();
    given.target = "2";
    given.approve("2", requireNonNull(given.plan().progress()).pendingDigest());
    assertThat(task(given)).isEqualTo(Task.MIGRATE);
    given.baselineVersion = "2";
    given.anew = true;
    assertThat(reason(given)).isEqualTo(Reason.APPROVAL_STALE);
  }

  /** Tables, and a version table with these rows. */
  private static Case alembic(String... revisions) {
    var given = new Case().alembic(LINE, revisions);
    given.schema = new SchemaState.Alembic(true, true, List.of(revisions));
    return given;
  }

  private static Task task(Case given) {
    return requireNonNull(given.plan().start()).task();
  }

  private static Reason reason(Case given) {
    return requireNonNull(given.plan().verdict()).reason();
  }
}
