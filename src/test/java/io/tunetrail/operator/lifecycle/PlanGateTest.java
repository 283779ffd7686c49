package io.tunetrail.operator.lifecycle;

import static io.tunetrail.operator.lifecycle.Case.applied;
import static io.tunetrail.operator.lifecycle.Case.flyway;
import static io.tunetrail.operator.lifecycle.Case.pending;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.ApprovalPolicy;
import io.tunetrail.operator.api.ApprovalSpec;
import io.tunetrail.operator.api.PlanStatus;
import io.tunetrail.operator.api.Planning;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.engine.ScriptImage;
import io.tunetrail.operator.engine.ScriptListing;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.lifecycle.SchemaState.State;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.status.Conditions;
import io.tunetrail.operator.status.StatusFactory;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Production under {@code migration.approval: Plan}: what is shown, what is approved, what voids
 * it.
 */
class PlanGateTest {
  private static final String PINNED = "registry.example.org/sql@sha256:" + "a".repeat(64);

  private static Case byPlan() {
    var given = new Case().production();
    given.approvalPolicy = ApprovalPolicy.PLAN;
    return given;
  }

  /** The plan of what is pending is made and kept. */
  private static Case planned(Case given) {
    given.plan = null;
    given.ended(Outcome.DONE, Duration.ZERO);
    var keeping = (Keeping.Planned) requireNonNull(given.plan().keep());
    given.plan = keeping.plan().kept("karaoke-plan-1", 2, null, null);
    return given;
  }

  private static Case approved(Case given, String version) {
    planned(given).approve(version, digest(given));
    given.remember(given.plan().approval());
    return given;
  }

  private static String digest(Case given) {
    return requireNonNull(given.plan).digest();
  }

  private static Migration edited(String version) {
    return new Migration(
        version,
        "step " + version,
        "V" + version + "__step.sql",
        "sha256:edited",
        null,
        State.PENDING);
  }

  private static Task started(Case given) {
    return requireNonNull(given.plan().start(), () -> String.valueOf(given.plan().verdict()))
        .task();
  }

  private static void assertClosed(Case given, Reason reason, String words) {
    var plan = given.plan();
    assertThat(plan.start()).isNull();
    assertThat(requireNonNull(plan.verdict()).reason()).isEqualTo(reason);
    assertThat(plan.verdict().detail()).contains(words);
    assertThat(plan.gateClosed()).isTrue();
  }

  /** An approval was given, then something changed, and that is planned anew. */
  private static void assertVoid(Case given, String words) {
    var before = given.plan;
    assertThat(started(given)).isEqualTo(Task.PLAN);
    given.remember(given.plan().approval());
    planned(given);
    assertThat(digest(given)).isNotEqualTo(requireNonNull(before).digest());
    assertClosed(given, Reason.APPROVAL_STALE, words);
  }

  @Test
  void what_would_run_is_planned_before_anybody_is_asked() {
    var given = byPlan();
    var plan = given.plan();
    var work = requireNonNull(plan.start());
    assertThat(work.task()).isEqualTo(Task.PLAN);
    assertThat(work.planned()).isEqualTo(Task.MIGRATE);
    assertThat(work.from()).isEqualTo("1");
    assertThat(work.target()).isEqualTo("3");
    assertThat(requireNonNull(plan.verdict()).reason()).isEqualTo(Reason.PLANNING);

    planned(given);
    assertClosed(given, Reason.AWAITING_APPROVAL, digest(given));
  }

  @Test
  void what_the_job_told_is_kept_once() {
    var given = byPlan().ended(Outcome.DONE, Duration.ZERO);
    var plan = given.plan();
    assertThat(plan.start()).isNull();
    var keeping = (Keeping.Planned) requireNonNull(plan.keep());
    assertThat(keeping.job()).isEqualTo(given.jobs.getLast().name());
    assertThat(keeping.plan().from()).isEqualTo("1");
    given.plan = keeping.plan();
    assertThat(given.plan().keep()).isNull();
  }

  @Test
  void only_the_digest_of_the_plan_opens_the_gate() {
    var given = planned(byPlan()).approve("3");
    assertClosed(given, Reason.AWAITING_APPROVAL, "the approval names no plan");
    given.approve("3", requireNonNull(given.plan().progress()).pendingDigest());
    assertClosed(given, Reason.APPROVAL_STALE, "is not what was approved");
    given.approve("2", digest(given));
    assertClosed(given, Reason.AWAITING_APPROVAL, "the approval is for version 2");
    given.approve("3", digest(given));
    assertThat(started(given)).isEqualTo(Task.MIGRATE);
  }

  @Test
  void an_approval_that_came_before_its_plan_opens_nothing_until_that_is_shown() {
    var given = planned(byPlan());
    given.approve("3", digest(given));
    given.plan = null;
    given.jobs.clear();
    assertThat(started(given)).isEqualTo(Task.PLAN);
  }

  @Test
  void a_plan_that_destroys_data_needs_an_approval_that_says_so() {
    var given = planned(byPlan());
    given.plan = requireNonNull(given.plan).kept("karaoke-plan-1", 2, true, 1);
    given.approve("3", digest(given));
    assertClosed(given, Reason.AWAITING_APPROVAL, "needs an approval with destructive: true");
    given.approval = new ApprovalSpec("3", digest(given), null, "ada", null, true, null, null);
    assertThat(started(given)).isEqualTo(Task.MIGRATE);
  }

  @Test
  void fault_44_an_edited_script_voids_the_approval_and_is_planned_anew() {
    var given = approved(byPlan(), "3");
    assertThat(started(given)).isEqualTo(Task.MIGRATE);
    given.schema = flyway("1", applied("1"), pending("2"), edited("3"));
    assertVoid(given, "the content of what would run is another one");

    given.approve("3", digest(given));
    assertThat(started(given)).isEqualTo(Task.MIGRATE);
  }

  @Test
  void a_script_that_is_edited_before_anybody_saw_the_approval_is_told_too() {
    var given = planned(byPlan());
    given.approve("3", digest(given));
    given.schema = flyway("1", applied("1"), pending("2"), edited("3"));
    assertVoid(given, "the content of what would run is another one");
  }

  @Test
  void put_back_as_it_was_approved_it_runs() {
    var given = approved(byPlan(), "3");
    given.schema = flyway("1", applied("1"), pending("2"), edited("3"));
    assertVoid(given, "the content");
    given.remember(given.plan().approval());
    given.schema = flyway("1", applied("1"), pending("2"), pending("3"));
    assertThat(started(given)).isEqualTo(Task.MIGRATE);
  }

  @Test
  void another_target_voids_the_approval_and_is_named() {
    var given = approved(byPlan(), "3");
    given.target = "2";
    assertVoid(given, "the target is version 2 and was version 3");
  }

  @Test
  void another_start_voids_the_approval_and_is_named() {
    var given = approved(byPlan(), "3");
    given.schema = flyway(null, pending("1"), pending("2"), pending("3"));
    assertVoid(given, "the database is at no version and was at version 1");
  }

  @Test
  void other_settings_void_the_approval() {
    var given = approved(byPlan(), "3");
    given.baselineVersion = "1";
    assertVoid(given, "the engine's settings or the direction are others");
  }

  @Test
  void fault_45_an_approval_is_no_good_for_another_database() {
    var given = approved(byPlan(), "3");
    given.identity = "another";
    assertVoid(given, "the database is another one");
  }

  @Test
  void a_list_that_is_half_done_stays_approved_and_is_not_planned_again() {
    var given = approved(byPlan(), "3");
    given.schema = flyway("2", applied("1"), applied("2"), pending("3"));
    assertThat(started(given)).isEqualTo(Task.MIGRATE);
    given.plan = null;
    given.remember(null);
    assertThat(started(given)).isEqualTo(Task.MIGRATE);
  }

  @Test
  void a_half_done_list_of_which_the_rest_was_edited_is_void() {
    var given = approved(byPlan(), "3");
    given.schema = flyway("2", applied("1"), applied("2"), edited("3"));
    assertVoid(given, "the content of what would run is another one");
  }

  @Test
  void a_spent_approval_is_told_as_spent_not_as_stale() {
    var given = approved(byPlan(), "3");
    given.schema = flyway("3", applied("1"), applied("2"), applied("3"));
    var reached = given.plan();
    assertThat(requireNonNull(reached.approval()).spent()).isTrue();
    assertThat(reached.keep()).isEqualTo(new Keeping.NoPlan());
    given.remember(reached.approval());
    given.schema = flyway("3", applied("1"), applied("2"), applied("3"), pending("4"));
    planned(given);
    assertClosed(given, Reason.AWAITING_APPROVAL, "the approval of version 3 is spent");
  }

  @Test
  void the_way_back_is_planned_as_such() {
    var given = byPlan();
    given.target = "1";
    given.rollback = io.tunetrail.operator.api.Rollback.UNDO;
    given.schema = flyway("2", applied("1"), Case.reversible("2"));
    assertThat(requireNonNull(given.plan().start()).planned()).isEqualTo(Task.UNDO);
    planned(given).approve("1", digest(given));
    assertClosed(given, Reason.AWAITING_APPROVAL, "undo: true");
  }

  @Test
  void elsewhere_a_plan_is_made_where_it_is_asked_for_and_then_it_runs() {
    var given = new Case();
    assertThat(started(given)).isEqualTo(Task.MIGRATE);
    given.planning = Planning.ALWAYS;
    assertThat(started(given)).isEqualTo(Task.PLAN);
    assertThat(started(planned(given))).isEqualTo(Task.MIGRATE);
  }

  @Test
  void by_version_alone_a_plan_may_be_shown_and_need_not_be_named() {
    var given = new Case().production();
    given.planning = Planning.ALWAYS;
    assertThat(started(given)).isEqualTo(Task.PLAN);
    assertClosed(planned(given), Reason.AWAITING_APPROVAL, "would run");
    assertThat(started(given.approve("3"))).isEqualTo(Task.MIGRATE);
  }

  @Test
  void the_image_that_was_planned_with_is_the_one_that_runs() {
    var given = byPlan();
    given.scriptImage = new ScriptImage("registry.example.org/sql:1", "/sql", false);
    var listing = new ScriptListing(List.of(), Case.SCRIPTS);
    given.inspection = new Inspection.Known(listing, "sha256:inspected", PINNED);
    assertThat(requireNonNull(given.plan().start()).image()).isEqualTo(PINNED);
    approved(given, "3");
    assertThat(requireNonNull(given.plan().start()).image()).isEqualTo(PINNED);
    assertThat(requireNonNull(given.plan).image()).isEqualTo(PINNED);

    given.inspection =
        new Inspection.Known(listing, "sha256:inspected", PINNED.replace("aaa", "bbb"));
    assertVoid(given, "the image is another one");
  }

  @Test
  void without_a_registrys_digest_all_files_beside_the_revisions_count() {
    var given = byPlan();
    var revision =
        new RevisionGraph.Revision("a1", List.of(), List.of(), List.of(), "songs", "sha256:1");
    given.alembic(new RevisionGraph(List.of(revision), "sha256:files", "sha256:env"));
    given.scripts = "sha256:files";
    approved(given, "a1");
    assertThat(started(given)).isEqualTo(Task.MIGRATE);
    given.scripts = "sha256:others";
    assertVoid(given, "the content of what would run is another one");
  }

  @Test
  void a_plan_that_can_not_be_made_says_so_and_is_tried_again() {
    var given = byPlan().ended(Outcome.PLAN_UNAVAILABLE, Duration.ZERO);
    var plan = given.plan();
    assertThat(plan.start()).isNull();
    assertThat(requireNonNull(plan.verdict()).reason()).isEqualTo(Reason.PLAN_UNAVAILABLE);
    assertThat(plan.verdict().message()).contains("spec.scratch", "migration.approval: Version");
    var later = byPlan().ended(Outcome.PLAN_UNAVAILABLE, Duration.ofMinutes(2));
    assertThat(started(later)).isEqualTo(Task.PLAN);
  }

  @Test
  void nothing_counts_as_approved_while_it_is_planned() {
    var given = approved(byPlan(), "3");
    given.schema = flyway("1", applied("1"), pending("2"), edited("3"));
    var condition = approvedCondition(given);
    assertThat(condition).isEqualTo("False Planning");
  }

  private static @Nullable String approvedCondition(Case given) {
    var status = StatusFactory.next(null, 1, given.desired(), given.observed(), given.plan());
    return Conditions.find(status.conditions(), Conditions.APPROVED)
        .map(it -> it.status() + " " + it.reason())
        .orElse(null);
  }

  @Test
  void the_status_tells_the_plan_for_as_long_as_it_is_pending() {
    var given = approved(byPlan(), "3");
    assertThat(statusPlan(given)).isEqualTo(given.plan);
    given.schema = flyway("3", applied("1"), applied("2"), applied("3"));
    assertThat(statusPlan(given)).isNull();
  }

  private static @Nullable PlanStatus statusPlan(Case given) {
    return StatusFactory.next(null, 1, given.desired(), given.observed(), given.plan()).plan();
  }
}
