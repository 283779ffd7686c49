package io.tunetrail.operator.lifecycle;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.Rollback;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.engine.RevisionGraph.Revision;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.migration.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlembicTest {
  private static final Revision USERS = revision("aa11", List.of());
  private static final Revision SONGS = revision("bb22", List.of("aa11"));
  private static final Revision BANDS = revision("cc33", List.of("bb22"));
  private static final RevisionGraph LINE = graph(USERS, SONGS, BANDS);
  private static final RevisionGraph FORK =
      graph(
          USERS,
          SONGS,
          new Revision("dd44", List.of("aa11"), List.of(), List.of("search"), "d", "d"));

  /** ee55 is a branch of its own that depends on aa11; so only ee55 has a row. */
  private static final RevisionGraph DEPENDING =
      graph(
          new Revision("aa11", List.of(), List.of(), List.of("songs"), "a", "a"),
          depending("ee55", "aa11"));

  private static final RevisionGraph DEPENDING_MORE =
      graph(USERS, SONGS, depending("ee55", "aa11"));

  @Test
  void the_image_is_asked_before_anything_is_decided() {
    var given = new Case().alembic(LINE);
    given.inspection = new Inspection.Missing();
    assertThat(reason(given)).isEqualTo(Reason.INSPECTING);
    assertThat(requireNonNull(given.plan().start()).task()).isEqualTo(Task.INSPECT);
  }

  @Test
  void what_the_image_told_is_kept_and_not_asked_again() {
    var given = new Case().alembic(LINE);
    given.inspection = new Inspection.Missing();
    given.ended(Outcome.DONE, Duration.ofSeconds(1));
    assertThat(given.plan().start()).isNull();
    assertThat(given.plan().keep()).isEqualTo(new Keeping.Told(given.jobs.getFirst().name()));
  }

  @Test
  void an_image_without_alembic_is_not_asked_over_and_over() {
    var given = new Case().alembic(LINE);
    given.inspection = new Inspection.Missing();
    given.ended(Outcome.ALEMBIC_NOT_CONFIGURED, Duration.ofHours(1));
    assertThat(reason(given)).isEqualTo(Reason.ALEMBIC_NOT_CONFIGURED);
    assertThat(given.plan().start()).isNull();
    given.retry = "corrected";
    assertThat(given.plan().start()).isNotNull();
  }

  @Test
  void latest_is_the_head_and_pending_is_what_leads_there() {
    var plan = new Case().alembic(LINE, "aa11").plan();
    assertThat(requireNonNull(plan.start()).target()).isEqualTo("cc33");
    assertThat(requireNonNull(plan.progress()).pending())
        .extracting(Migration::version, Migration::description)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("bb22", "makes bb22"),
            org.assertj.core.groups.Tuple.tuple("cc33", "makes cc33"));
  }

  @Test
  void a_unique_beginning_names_a_revision() {
    var given = new Case().alembic(LINE, "aa11");
    given.target = "bb";
    assertThat(requireNonNull(given.plan().start()).target()).isEqualTo("bb22");
  }

  @Test
  void at_the_head_it_is_up_to_date() {
    assertThat(reason(new Case().alembic(LINE, "cc33"))).isEqualTo(Reason.UP_TO_DATE);
  }

  @Test
  void fault_32_several_heads_are_both_named() {
    var given = new Case().alembic(FORK, "aa11");
    assertThat(reason(given)).isEqualTo(Reason.MULTIPLE_HEADS);
    assertThat(requireNonNull(given.plan().verdict()).detail()).contains("bb22", "dd44");
    assertThat(given.plan().start()).isNull();
  }

  @Test
  void one_of_several_heads_or_all_may_be_the_target() {
    var one = new Case().alembic(FORK, "aa11");
    one.target = "search@head";
    assertThat(requireNonNull(one.plan().start()).target()).isEqualTo("dd44");
    var all = new Case().alembic(FORK, "aa11");
    all.target = "heads";
    assertThat(requireNonNull(all.plan().start()).target()).isEqualTo("bb22,dd44");
    assertThat(reason(new Case().alembic(FORK, "bb22", "dd44"))).isEqualTo(Reason.MULTIPLE_HEADS);
    var there = new Case().alembic(FORK, "bb22", "dd44");
    there.target = "heads";
    assertThat(reason(there)).isEqualTo(Reason.UP_TO_DATE);
  }

  @Test
  void a_revision_that_the_image_does_not_have_is_unknown() {
    assertThat(reason(new Case().alembic(LINE, "ee55"))).isEqualTo(Reason.UNKNOWN_REVISION);
    var target = new Case().alembic(LINE, "aa11");
    target.target = "ee55";
    assertThat(reason(target)).isEqualTo(Reason.UNKNOWN_REVISION);
  }

  @Test
  void going_back_undoes_what_builds_on_the_target_newest_first() {
    var given = new Case().alembic(LINE, "cc33");
    given.target = "aa11";
    assertThat(reason(given)).isEqualTo(Reason.TARGET_BELOW_DATABASE);
    assertThat(requireNonNull(given.plan().verdict()).message())
        .contains("would undo cc33, bb22 by alembic downgrade.")
        .doesNotContain("script");
    given.rollback = Rollback.UNDO;
    assertThat(requireNonNull(given.plan().start()).task()).isEqualTo(Task.UNDO);
    assertThat(requireNonNull(given.plan().progress()).pending())
        .extracting(Migration::version)
        .containsExactly("cc33", "bb22");
    given.target = "base";
    assertThat(requireNonNull(given.plan().start()).target()).isNull();
    assertThat(requireNonNull(given.plan().progress()).pending()).hasSize(3);
  }

  @Test
  void what_only_others_depend_on_is_current_without_a_row_of_its_own() {
    for (var target : List.of("heads", "aa11", "songs@head")) {
      var given = new Case().alembic(DEPENDING, "ee55");
      given.target = target;
      given.rollback = Rollback.UNDO;
      assertThat(reason(given)).as(target).isEqualTo(Reason.UP_TO_DATE);
      assertThat(given.plan().start()).as(target).isNull();
    }
  }

  @Test
  void going_back_on_one_branch_leaves_what_depends_on_its_target() {
    var given = new Case().alembic(DEPENDING_MORE, "bb22", "ee55");
    given.target = "aa11";
    given.rollback = Rollback.UNDO;
    assertThat(pending(given)).containsExactly("bb22");
    given.alembic(DEPENDING_MORE, "ee55");
    assertThat(reason(given)).isEqualTo(Reason.UP_TO_DATE);
  }

  @Test
  void going_back_takes_back_what_depends_on_what_goes() {
    var users = revision("aa11", List.of());
    var songs = revision("bb22", List.of("aa11"));
    var given = new Case().alembic(graph(users, songs, depending("ee55", "bb22")), "ee55");
    given.target = "aa11";
    assertThat(requireNonNull(given.plan().verdict()).detail()).contains("would undo ee55, bb22");
    given.rollback = Rollback.UNDO;
    assertThat(pending(given)).containsExactly("ee55", "bb22");
    given.target = "base";
    assertThat(pending(given)).containsExactly("ee55", "bb22", "aa11");
  }

  @Test
  void what_is_depended_on_is_pending_with_it() {
    var given = new Case().alembic(DEPENDING);
    given.target = "ee55";
    assertThat(pending(given)).containsExactly("aa11", "ee55");
  }

  @Test
  void the_base_of_one_branch_never_takes_back_the_others() {
    var given = new Case().alembic(FORK, "bb22", "dd44");
    given.target = "search@base";
    given.rollback = Rollback.UNDO;
    assertThat(reason(given)).isEqualTo(Reason.UNKNOWN_REVISION);
    given.target = "search@heads";
    assertThat(reason(given)).isEqualTo(Reason.UP_TO_DATE);
    given.alembic(FORK, "aa11");
    assertThat(pending(given)).containsExactly("dd44");
  }

  @Test
  void latest_is_the_head_of_the_branch_that_the_spec_names() {
    var given = new Case().alembic(FORK, "aa11");
    given.branch("search");
    assertThat(requireNonNull(given.plan().start()).target()).isEqualTo("dd44");
    given.alembic(FORK, "bb22").branch("search");
    assertThat(pending(given)).containsExactly("dd44");
    given.branch("plays");
    assertThat(reason(given)).isEqualTo(Reason.UNKNOWN_REVISION);
    assertThat(requireNonNull(given.plan().verdict()).detail()).contains("branch plays");
  }

  @Test
  void another_branch_or_version_table_is_other_work_that_is_approved_anew() {
    var given = new Case().alembic(LINE, "aa11").production();
    given.approve("cc33", requireNonNull(given.plan().progress()).pendingDigest());
    var work = requireNonNull(given.plan().start());
    for (var table : List.of("revisions", "alembic_version")) {
      given.versionTable(table, "history");
      assertThat(reason(given)).as(table).isEqualTo(Reason.APPROVAL_STALE);
    }
    given.versionTable("alembic_version", null);
    assertThat(requireNonNull(given.plan().start()).inputs()).isEqualTo(work.inputs());
  }

  @Test
  void a_missing_history_is_named_as_the_spec_names_it() {
    var given = new Case().alembic(LINE);
    given.versionTable("revisions", "history");
    given.schema = new SchemaState.Alembic(false, true, List.of());
    assertThat(reason(given)).isEqualTo(Reason.TABLES_WITHOUT_HISTORY);
    assertThat(requireNonNull(given.plan().verdict()).detail()).contains("revisions");
  }

  @Test
  void production_waits_until_this_revision_is_approved() {
    var given = new Case().alembic(LINE, "aa11").production();
    assertThat(reason(given)).isEqualTo(Reason.AWAITING_APPROVAL);
    given.approve("cc33", requireNonNull(given.plan().progress()).pendingDigest());
    assertThat(given.plan().start()).isNotNull();
    given.inspection =
        new Inspection.Known(
            graph(
                USERS,
                SONGS,
                new Revision("cc33", List.of("bb22"), List.of(), List.of(), "edited", "other")),
            "sha256:inspected");
    assertThat(reason(given)).isEqualTo(Reason.APPROVAL_STALE);
  }

  @Test
  void going_back_in_production_needs_an_approval_of_its_own() {
    var given = new Case().alembic(LINE, "cc33").production();
    given.target = "aa11";
    given.rollback = Rollback.UNDO;
    given.approve("aa11");
    assertThat(requireNonNull(given.plan().verdict()).message())
        .contains("undo: true", "2 downgrades to version aa11 would run");
    given.approveUndo("aa11");
    assertThat(requireNonNull(given.plan().start()).task()).isEqualTo(Task.UNDO);
  }

  @Test
  void an_approval_stays_valid_while_its_revisions_are_half_done() {
    var given = new Case().alembic(LINE, "aa11").production();
    given.approve("cc33", requireNonNull(given.plan().progress()).pendingDigest());
    given.alembic(LINE, "bb22");
    assertThat(given.plan().start()).isNotNull();
  }

  @Test
  void the_images_content_is_what_a_job_is_started_for() {
    var work = requireNonNull(new Case().alembic(LINE, "aa11").plan().start());
    assertThat(work.scriptsDigest()).isEqualTo(Case.SCRIPTS);
    assertThat(work.jobName("soleil")).startsWith("soleil-migrate-");
  }

  private static Revision revision(String id, List<String> down) {
    return new Revision(id, down, List.of(), List.of(), "makes " + id, Digest.of(id));
  }

  private static Revision depending(String id, String other) {
    return new Revision(
        id, List.of(), List.of(other), List.of("plays"), "makes " + id, Digest.of(id));
  }

  private static List<String> pending(Case given) {
    return requireNonNull(given.plan().progress()).pending().stream()
        .map(it -> requireNonNull(it.version()))
        .toList();
  }

  private static RevisionGraph graph(Revision... revisions) {
    return new RevisionGraph(List.of(revisions), Case.SCRIPTS, "sha256:env");
  }

  private static Reason reason(Case given) {
    return requireNonNull(given.plan().verdict()).reason();
  }
}
