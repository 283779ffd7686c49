package io.tunetrail.operator.lifecycle;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.engine.RevisionGraph.Revision;
import io.tunetrail.operator.migration.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When an image is asked again what it holds. */
class InspectionTest {
  private static final RevisionGraph GRAPH =
      new RevisionGraph(
          List.of(new Revision("aa11", List.of(), List.of(), List.of(), "users", "a")),
          Case.SCRIPTS,
          "sha256:env");

  @Test
  void a_job_that_finds_another_content_has_the_image_asked_anew_at_once() {
    var given = refused();
    var plan = given.plan();
    assertThat(requireNonNull(plan.start()).task()).isEqualTo(Task.INSPECT);
    assertThat(requireNonNull(plan.verdict()).reason()).isEqualTo(Reason.INPUTS_CHANGED);
  }

  @Test
  void each_such_job_makes_another_inspection() {
    var given = refused();
    var first = requireNonNull(given.plan().start());
    var later = refused(Duration.ofMinutes(1));
    assertThat(requireNonNull(later.plan().start()).inputs()).isNotEqualTo(first.inputs());
  }

  @Test
  void what_the_image_tells_anew_is_kept_in_place_of_the_old() {
    var given = refused();
    given.ended(Outcome.DONE, Duration.ZERO);
    assertThat(given.plan().start()).isNull();
    assertThat(given.plan().keep()).isEqualTo(new Keeping.Told(given.jobs.getLast().name()));
  }

  @Test
  void the_new_content_is_planned_from_the_beginning() {
    var given = refused();
    var inputs = requireNonNull(given.plan().start()).inputs();
    given.scripts = "sha256:moved";
    given.inspection = new Inspection.Known(GRAPH, inputs);
    var work = requireNonNull(given.plan().start());
    assertThat(work.task()).isEqualTo(Task.MIGRATE);
    assertThat(work.attempt()).isEqualTo(1);
    assertThat(work.scriptsDigest()).isEqualTo("sha256:moved");
  }

  @Test
  void an_image_that_tells_the_same_again_is_tried_again_with_a_pause() {
    var given = refused(Duration.ofSeconds(1));
    given.inspection = new Inspection.Known(GRAPH, inspection(given));
    assertThat(given.plan().start()).isNull();
    assertThat(requireNonNull(given.plan().verdict()).reason()).isEqualTo(Reason.INPUTS_CHANGED);
    var later = refused(Duration.ofMinutes(2));
    later.inspection = new Inspection.Known(GRAPH, inspection(later));
    assertThat(requireNonNull(later.plan().start()).task()).isEqualTo(Task.MIGRATE);
    assertThat(requireNonNull(later.plan().start()).attempt()).isEqualTo(2);
  }

  @Test
  void an_image_that_can_not_tell_any_more_says_so() {
    var given = refused();
    given.ended(Outcome.ALEMBIC_NOT_CONFIGURED, Duration.ofHours(1));
    assertThat(given.plan().start()).isNull();
    assertThat(requireNonNull(given.plan().verdict()).reason())
        .isEqualTo(Reason.ALEMBIC_NOT_CONFIGURED);
  }

  @Test
  void an_image_that_told_another_content_meets_the_gate_again() {
    var given = new Case().alembic(GRAPH).production();
    given.approve("aa11", requireNonNull(given.plan().progress()).pendingDigest());
    given.ended(Outcome.INPUTS_CHANGED, Duration.ofMinutes(5));
    var inputs = requireNonNull(given.plan().start()).inputs();
    given.scripts = "sha256:moved";
    var moved = new Revision("aa11", List.of(), List.of(), List.of(), "users", "edited");
    given.inspection =
        new Inspection.Known(
            new RevisionGraph(List.of(moved), "sha256:moved", "sha256:env"), inputs);
    assertThat(requireNonNull(given.plan().verdict()).reason()).isEqualTo(Reason.APPROVAL_STALE);
    assertThat(given.plan().start()).isNull();
  }

  private static Case refused() {
    return refused(Duration.ofMinutes(5));
  }

  private static Case refused(Duration ago) {
    var given = new Case().alembic(GRAPH).ended(Outcome.INPUTS_CHANGED, ago);
    return given;
  }

  private static String inspection(Case given) {
    return requireNonNull(given.plan().start()).inputs();
  }
}
