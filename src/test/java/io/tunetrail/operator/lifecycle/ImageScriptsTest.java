package io.tunetrail.operator.lifecycle;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.engine.ScriptImage;
import io.tunetrail.operator.engine.ScriptListing;
import io.tunetrail.operator.migration.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Flyway's scripts in an image: what is decided before and after it told of them. */
class ImageScriptsTest {
  private static final ScriptListing LISTING = new ScriptListing(List.of(), Case.SCRIPTS);

  private static Case image(String image) {
    var given = new Case();
    given.scriptImage = new ScriptImage(image, "/flyway/sql", false);
    given.inspection = new Inspection.Missing();
    given.scripts = "";
    given.schema = Case.flyway(null);
    return given;
  }

  private static Case known(String image) {
    var given = new Case();
    given.scriptImage = new ScriptImage(image, "/flyway/sql", false);
    given.inspection = new Inspection.Known(LISTING, "sha256:inspected");
    return given;
  }

  @Test
  void an_image_is_read_before_anything_is_said_of_its_scripts() {
    var plan = image("sql:1").plan();
    assertThat(requireNonNull(plan.start()).task()).isEqualTo(Task.INSPECT);
    assertThat(plan.progress()).isNull();
    assertThat(plan.verdict())
        .isEqualTo(new Verdict(Reason.INSPECTING, "reading the scripts of sql:1"));
  }

  @Test
  void reading_it_needs_no_approval_and_running_it_does() {
    assertThat(requireNonNull(image("sql:1").production().plan().start()).task())
        .isEqualTo(Task.INSPECT);
    var known = known("sql:1").production().plan();
    assertThat(known.start()).isNull();
    assertThat(requireNonNull(known.verdict()).reason()).isEqualTo(Reason.AWAITING_APPROVAL);
  }

  @Test
  void what_it_told_is_kept_and_then_run() {
    var given = image("sql:1").ended(Outcome.DONE, Duration.ZERO);
    assertThat(given.plan().start()).isNull();
    assertThat(given.plan().keep()).isEqualTo(new Keeping.Told(given.jobs.getLast().name()));

    var work = requireNonNull(known("sql:1").plan().start());
    assertThat(work.task()).isEqualTo(Task.MIGRATE);
    assertThat(work.scriptsDigest()).isEqualTo(LISTING.scripts());
    assertThat(work.target()).isEqualTo("3");
  }

  @Test
  void the_same_scripts_are_pending_by_the_same_digest_wherever_they_lie() {
    var digest = requireNonNull(new Case().plan().progress()).pendingDigest();
    assertThat(requireNonNull(known("sql:1").plan().progress()).pendingDigest()).isEqualTo(digest);
    assertThat(requireNonNull(known("sql:2").plan().progress()).pendingDigest()).isEqualTo(digest);
  }

  @ParameterizedTest
  @EnumSource(
      value = Outcome.class,
      names = {"SOURCE_IMAGE_NOT_COPYABLE", "INVALID_INPUT", "PROGRAM_FAILED"})
  void an_image_that_can_not_be_read_is_not_tried_again_but_another_one_is(Outcome outcome) {
    var given = image("sql:1").ended(outcome, Duration.ofHours(1));
    assertThat(given.plan().start()).isNull();
    assertThat(requireNonNull(given.plan().verdict()).reason()).isEqualTo(outcome.reason());

    given.scriptImage = new ScriptImage("sql:2", "/flyway/sql", false);
    assertThat(requireNonNull(given.plan().start()).task()).isEqualTo(Task.INSPECT);
    given.scriptImage = new ScriptImage("sql:1", "/flyway/sql", true);
    assertThat(requireNonNull(given.plan().start()).attempt()).isEqualTo(1);
  }

  @Test
  void a_script_that_failed_is_tried_at_once_with_another_image() {
    var given = known("sql:1").ended(Outcome.SQL_FAILED, Duration.ofHours(1));
    assertThat(given.plan().start()).isNull();
    given.scriptImage = new ScriptImage("sql:2", "/flyway/sql", false);
    assertThat(requireNonNull(given.plan().start()).task()).isEqualTo(Task.MIGRATE);
  }

  @Test
  void a_tag_that_was_moved_has_the_image_asked_anew() {
    var given = known("sql:latest").ended(Outcome.INPUTS_CHANGED, Duration.ofMinutes(5));
    assertThat(requireNonNull(given.plan().start()).task()).isEqualTo(Task.INSPECT);
    assertThat(requireNonNull(given.plan().verdict()).reason()).isEqualTo(Reason.INPUTS_CHANGED);
  }
}
