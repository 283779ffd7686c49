package io.tunetrail.operator.lifecycle;

import static io.tunetrail.operator.lifecycle.Case.applied;
import static io.tunetrail.operator.lifecycle.Case.flyway;
import static io.tunetrail.operator.lifecycle.Case.migration;
import static io.tunetrail.operator.lifecycle.Case.pending;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Edition;
import io.tunetrail.operator.api.PlanRequestStatus;
import io.tunetrail.operator.api.Planning;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.lifecycle.SchemaState.State;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.status.StatusFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A plan on request, also where none would be made: once, and whatever waits goes on waiting. */
class PlanRequestTest {
  private static final PlanRequestStatus PLANNED =
      new PlanRequestStatus("at noon", PlanRequestStatus.Outcome.PLANNED, null);

  private static Case asked(Case given) {
    given.planRequest = "at noon";
    return given;
  }

  private static Case suspended() {
    var given = new Case();
    given.suspended = true;
    return given;
  }

  /** The Job has told the SQL, and it is kept. */
  private static Case planned(Case given) {
    given.ended(Outcome.DONE, Duration.ZERO);
    var keeping = (Keeping.Planned) requireNonNull(given.plan().keep());
    given.plan = keeping.plan().kept("karaoke-plan-1", 2, null, null);
    given.jobs.clear();
    return given;
  }

  private static Case answered(Case given) {
    planned(given);
    given.answered = given.plan().answer();
    return given;
  }

  private static @Nullable Task started(Case given) {
    var start = given.plan().start();
    return start == null ? null : start.task();
  }

  private static Reason said(Case given) {
    return requireNonNull(given.plan().verdict()).reason();
  }

  private static TuneTrailDatabaseStatus status(
      Case given, @Nullable TuneTrailDatabaseStatus before) {
    return StatusFactory.next(before, 1, given.desired(), given.observed(), given.plan());
  }

  private static void assertFailed(Case given, String words) {
    var answer = requireNonNull(given.plan().answer());
    assertThat(answer.outcome()).isEqualTo(PlanRequestStatus.Outcome.FAILED);
    assertThat(answer.message()).contains(words);
  }

  @Test
  void production_that_is_approved_by_version_shows_its_plan_when_it_is_asked() {
    var given = new Case().production();
    assertThat(started(given)).isNull();
    asked(given);
    var work = requireNonNull(given.plan().start());
    assertThat(work.task()).isEqualTo(Task.PLAN);
    assertThat(work.planned()).isEqualTo(Task.MIGRATE);
    assertThat(given.plan().gateClosed()).isTrue();
    assertThat(given.plan().answer()).isNull();

    planned(given);
    assertThat(started(given)).isNull();
    assertThat(said(given)).isEqualTo(Reason.AWAITING_APPROVAL);
    assertThat(given.plan().answer()).isEqualTo(PLANNED);
    assertThat(started(given.approve("3"))).isEqualTo(Task.MIGRATE);
  }

  @Test
  void what_is_suspended_is_planned_and_nothing_else() {
    var given = asked(suspended());
    assertThat(started(given)).isEqualTo(Task.PLAN);
    answered(given);
    assertThat(started(given)).isNull();
    assertThat(said(given)).isEqualTo(Reason.SUSPENDED);
    assertThat(status(given, null).plan()).isEqualTo(given.plan);
  }

  @Test
  void where_it_runs_by_itself_the_plan_comes_first() {
    var given = asked(new Case());
    assertThat(started(given)).isEqualTo(Task.PLAN);
    assertThat(started(planned(given))).isEqualTo(Task.MIGRATE);
    assertThat(given.plan().answer()).isEqualTo(PLANNED);
  }

  @Test
  void drift_that_keeps_the_work_back_does_not_keep_the_plan_back() {
    var given = asked(new Case().production());
    given.drift =
        new SchemaDrift(
            SchemaDrift.State.COMPARED,
            "sha256:now",
            "sha256:then",
            "2026-05-01T11:00:00Z",
            List.of("table public.by_hand"),
            List.of(),
            List.of(),
            1);
    assertThat(started(given)).isEqualTo(Task.PLAN);
    planned(given);
    assertThat(said(given)).isEqualTo(Reason.SCHEMA_DRIFTED);
    assertThat(given.plan().answer()).isEqualTo(PLANNED);
  }

  @Test
  void a_request_is_answered_once() {
    var given = answered(asked(suspended()));
    assertThat(given.plan().answer()).isNull();
    given.schema = flyway("1", applied("1"), edited("2"), pending("3"));
    assertThat(started(given)).isNull();
    assertThat(given.plan().keep())
        .as("it is not of what would run now")
        .isEqualTo(new Keeping.NoPlan());
    assertThat(status(given, null).plan()).isNull();
    given.suspended = false;
    assertThat(started(given)).as("later work does not wait for a plan").isEqualTo(Task.MIGRATE);
  }

  private static Migration edited(String version) {
    var before = pending(version);
    return new Migration(
        version, before.description(), before.script(), "sha256:edited", null, State.PENDING);
  }

  @Test
  void another_request_has_another_job() {
    var given = asked(suspended());
    var first = requireNonNull(given.plan().start());
    given.planRequest = "at one";
    assertThat(requireNonNull(given.plan().start()).inputs()).isNotEqualTo(first.inputs());
  }

  @Test
  void what_is_planned_anyway_has_no_second_job_for_the_request() {
    var given = new Case();
    given.planning = Planning.ALWAYS;
    var work = requireNonNull(given.plan().start());
    assertThat(requireNonNull(asked(given).plan().start()).inputs()).isEqualTo(work.inputs());
    assertThat(planned(given).plan().answer()).isEqualTo(PLANNED);
  }

  @Test
  void a_plan_that_can_not_be_made_is_told_and_keeps_nothing_back() {
    var given = asked(new Case()).ended(Outcome.PLAN_UNAVAILABLE, Duration.ZERO, "no offline mode");
    assertFailed(given, "no offline mode");
    assertThat(started(given)).isEqualTo(Task.MIGRATE);
    given.answered = given.plan().answer();
    assertThat(started(given)).isEqualTo(Task.MIGRATE);
  }

  @Test
  void content_that_changes_meanwhile_is_planned_by_another_job() {
    var given = asked(suspended()).ended(Outcome.INPUTS_CHANGED, Duration.ofMinutes(2));
    assertThat(given.plan().answer()).isNull();
    given.scripts = "sha256:others";
    assertThat(started(given)).isEqualTo(Task.PLAN);
  }

  @Test
  void where_nothing_is_pending_that_is_the_answer() {
    var given = asked(new Case());
    given.schema = flyway("1", applied("1"));
    assertThat(started(given)).isNull();
    assertThat(requireNonNull(given.plan().answer()).outcome())
        .isEqualTo(PlanRequestStatus.Outcome.NOTHING_PENDING);
    assertThat(said(given)).isEqualTo(Reason.UP_TO_DATE);
  }

  @Test
  void create_all_says_that_it_has_none() {
    var given = asked(new Case());
    given.edition = Edition.COMMUNITY;
    given.schema = new SchemaState.CreateAll(null);
    assertFailed(given, "create-all has no plan");
    assertThat(started(given)).isEqualTo(Task.CREATE_ALL);
  }

  @Test
  void what_a_person_has_to_mend_first_is_the_answer_too() {
    var given = asked(new Case());
    given.schema = flyway("2", applied("1"), migration("2", State.CHANGED), pending("3"));
    assertThat(started(given)).isNull();
    assertFailed(given, requireNonNull(given.plan().verdict()).detail());
  }

  @Test
  void while_the_database_is_away_nobody_has_an_answer() {
    var given = asked(suspended());
    given.look = new Look.Unseen(Reason.DATABASE_UNREACHABLE, "refused");
    assertThat(given.plan().answer()).isNull();
    given.look = null;
    assertThat(started(given)).isEqualTo(Task.PLAN);
  }

  @Test
  void the_status_keeps_the_answer_for_as_long_as_the_request_is_there() {
    var given = planned(asked(suspended()));
    var first = status(given, null);
    assertThat(first.planRequest()).isEqualTo(PLANNED);
    given.answered = PLANNED;
    var second = status(given, first);
    assertThat(second.planRequest()).isEqualTo(PLANNED);
    assertThat(second.plan()).isEqualTo(given.plan);
    given.planRequest = null;
    var third = status(given, second);
    assertThat(third.planRequest()).isNull();
    assertThat(third.plan()).isNull();
    assertThat(given.plan().keep()).isEqualTo(new Keeping.NoPlan());
  }

  @Test
  void a_token_without_end_is_cut() {
    var annotations = Map.of(PlanRequestStatus.ANNOTATION, "x".repeat(100_000));
    assertThat(PlanRequestStatus.asked(annotations)).hasSize(64);
    assertThat(PlanRequestStatus.asked(Map.of())).isNull();
  }
}
