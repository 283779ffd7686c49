package io.tunetrail.operator.lifecycle;

import static io.tunetrail.operator.lifecycle.Case.applied;
import static io.tunetrail.operator.lifecycle.Case.flyway;
import static io.tunetrail.operator.lifecycle.Case.pending;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.LastMigration;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.status.StatusFactory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AttemptsTest {

  @ParameterizedTest
  @EnumSource(
      value = Outcome.class,
      names = {
        "SQL_FAILED",
        "HISTORY_CONFLICT",
        "INVALID_INPUT",
        "STATEMENT_TIMEOUT",
        "TRANSACTION_POOLING"
      })
  void what_a_script_did_wrong_is_not_tried_again(Outcome outcome) {
    var given = new Case().ended(outcome, Duration.ofHours(1));
    assertThat(given.plan().start()).isNull();
    assertThat(requireNonNull(given.plan().verdict()).reason().kind())
        .isEqualTo(Reason.Kind.STALLED);
  }

  @ParameterizedTest
  @EnumSource(
      value = Outcome.class,
      names = {
        "UNREACHABLE",
        "LOCK_NOT_OBTAINED",
        "LOCK_TIMEOUT",
        "LOST",
        "CONNECTION_LOST",
        "INSUFFICIENT_PRIVILEGE"
      })
  void what_may_heal_alone_is_tried_again_as_a_new_attempt(Outcome outcome) {
    var given = new Case().ended(outcome, Duration.ofHours(1));
    assertThat(requireNonNull(given.plan().start()).attempt()).isEqualTo(2);
  }

  @Test
  void fault_28_a_failed_script_runs_again_when_its_inputs_the_version_or_the_retry_token_change() {
    var retried = new Case().ended(Outcome.SQL_FAILED, Duration.ofHours(1));
    retried.retry = "again";
    assertThat(requireNonNull(retried.plan().start()).attempt()).isEqualTo(1);

    var moved = new Case().ended(Outcome.SQL_FAILED, Duration.ofHours(1));
    moved.schema = flyway("2", applied("1"), applied("2"), pending("3"));
    assertThat(moved.plan().start()).isNotNull();

    var retargeted = new Case().ended(Outcome.SQL_FAILED, Duration.ofHours(1));
    retargeted.target = "2";
    assertThat(retargeted.plan().start()).isNotNull();
    assertThat(retargeted.plan().lookAgain())
        .as("a short work is seen before its container's end is told")
        .isEqualTo(Lifecycle.SHORT_WORK);
  }

  @Test
  void an_attempt_that_a_backup_outlasted_still_waits_for_it() {
    var given =
        new Case()
            .ended(
                Outcome.LOCK_NOT_OBTAINED,
                Duration.ofMillis(500),
                "tunetrail-backup/karaoke-backup-1 works on the database");
    assertThat(requireNonNull(given.plan().verdict()).reason())
        .isEqualTo(Reason.WAITING_FOR_BACKUP);
  }

  @Test
  void attempts_back_off_to_a_minute_and_never_end() {
    assertThat(Lifecycle.backoff(1)).isEqualTo(Duration.ofSeconds(2));
    assertThat(Lifecycle.backoff(3)).isEqualTo(Duration.ofSeconds(8));
    assertThat(Lifecycle.backoff(1_000)).isEqualTo(Duration.ofMinutes(1));
    var given = new Case().ended(Outcome.LOCK_TIMEOUT, Duration.ofMillis(500));
    assertThat(given.plan().start()).isNull();
    assertThat(given.plan().lookAgain()).isEqualTo(Duration.ofMillis(1_500));
    assertThat(requireNonNull(given.plan().verdict()).reason()).isEqualTo(Reason.LOCK_TIMEOUT);
  }

  @Test
  void a_retry_keeps_saying_why_it_is_not_ready() {
    var given = new Case().ended(Outcome.LOCK_TIMEOUT, Duration.ofHours(1));
    var retry = given.plan();
    assertThat(retry.start()).isNotNull();
    assertThat(requireNonNull(retry.verdict()).reason()).isEqualTo(Reason.LOCK_TIMEOUT);
    var running = requireNonNull(retry.start());
    given.jobs.add(
        new ObservedJob(
            "second",
            Task.MIGRATE,
            running.inputs(),
            running.attempt(),
            null,
            new ObservedJob.Running()));
    assertThat(requireNonNull(given.plan().verdict()).reason()).isEqualTo(Reason.LOCK_TIMEOUT);
  }

  @Test
  void reading_an_image_waits_for_no_lock() {
    var given = new Case();
    given.holder = "somebody-else";
    given.jobs.add(
        new ObservedJob("reading", Task.INSPECT, "sha256:any", 1, null, new ObservedJob.Running()));
    assertThat(requireNonNull(given.plan().verdict()).reason()).isEqualTo(Reason.INSPECTING);
  }

  @Test
  void the_database_is_current_as_soon_as_its_history_says_so() {
    var given = new Case();
    given.schema = flyway("1", applied("1"));
    given.jobs.add(
        new ObservedJob(
            "still-ending", Task.MIGRATE, "sha256:any", 1, null, new ObservedJob.Running()));
    assertThat(requireNonNull(given.plan().verdict()).reason()).isEqualTo(Reason.UP_TO_DATE);
  }

  @Test
  void a_work_and_the_backup_before_it_are_told_as_soon_as_the_database_says_that_it_is_done() {
    var given = stillEnding("2026-05-01T12:00:00Z");
    var status = StatusFactory.next(null, 1, given.desired(), given.observed(), given.plan());

    var told = requireNonNull(status.lastMigration());
    assertThat(told.job()).isEqualTo("still-ending");
    assertThat(told.backup()).isEqualTo("songs-20260501T115800Z");
  }

  @Test
  void a_work_is_not_told_as_done_before_the_database_says_how_it_ended() {
    assertThat(requireNonNull(stillEnding(null).plan().verdict()).reason())
        .isEqualTo(Reason.MIGRATING);
    assertThat(requireNonNull(stillEnding("2026-05-01T12:00:00Z").plan().verdict()).reason())
        .isEqualTo(Reason.UP_TO_DATE);
  }

  @Test
  void what_is_yet_to_be_noted_is_named_also_before_the_first_version() {
    var empty = stillEnding(null);
    empty.schema = flyway(null);
    empty.target = Desired.LATEST;
    assertThat(requireNonNull(stillEnding(null).plan().verdict()).detail())
        .isEqualTo("the database has version 1, and the Job notes it");
    assertThat(requireNonNull(empty.plan().verdict()).detail())
        .isEqualTo("the database has an empty schema, and the Job notes it");
  }

  /**
   * The version is there, and the Job that brought it, with a backup before it, runs on; after an
   * earlier one.
   */
  private static Case stillEnding(@Nullable String finished) {
    var given = new Case().ended(Outcome.DONE, Duration.ofHours(1));
    given.schema = flyway("1", applied("1"));
    given.lastWork =
        new LastMigration(
            "still-ending",
            finished == null ? "Running" : "Done",
            null,
            "1",
            "2026-05-01T11:59:00Z",
            finished,
            null,
            null,
            "migrate",
            null,
            null,
            null,
            null);
    given.jobs.add(
        new ObservedJob(
            "still-ending",
            Task.MIGRATE,
            "sha256:any",
            1,
            null,
            new ObservedJob.Running(),
            "songs-20260501T115800Z"));
    return given;
  }

  @Test
  void fault_31_success_without_an_effect_is_not_ready() {
    var given = new Case().ended(Outcome.DONE, Duration.ZERO);
    assertThat(requireNonNull(given.plan().verdict()).reason()).isEqualTo(Reason.VERSION_UNCHANGED);
    assertThat(requireNonNull(given.plan().verdict()).reason().kind())
        .isNotEqualTo(Reason.Kind.READY);
  }

  @Test
  void success_without_an_effect_is_told_with_what_the_guard_made_of_it() {
    var given = new Case().ended(Outcome.DONE, Duration.ZERO);
    assertThat(requireNonNull(given.plan().verdict()).detail())
        .endsWith("ended without an error, yet the database is where it was: what happened");
  }

  @Test
  void upgrade_undo_upgrade_never_meets_an_old_name() {
    var given = new Case();
    var first = requireNonNull(given.plan().start()).jobName("karaoke");
    given.ended(Outcome.DONE, Duration.ofDays(1));
    var second = requireNonNull(given.plan().start()).jobName("karaoke");
    assertThat(second).isNotEqualTo(first);
  }

  @Test
  void fault_10_another_resource_of_the_same_name_has_other_job_names() {
    var work = requireNonNull(new Case().plan().start());
    var again = new Case();
    var other = Lifecycle.plan(withUid(again.desired(), "uid-2"), again.observed());
    assertThat(requireNonNull(other.start()).jobName("karaoke"))
        .isNotEqualTo(work.jobName("karaoke"));
  }

  @Test
  void fault_39_a_long_name_is_shortened_to_what_kubernetes_takes() {
    var work = requireNonNull(new Case().plan().start());
    assertThat(work.jobName("k".repeat(253))).hasSizeLessThanOrEqualTo(63);
    assertThat(work.jobName("k".repeat(40) + ".".repeat(20)))
        .matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  }

  private static Desired withUid(Desired desired, String uid) {
    return new Desired(
        uid,
        desired.edition(),
        desired.environment(),
        desired.method(),
        desired.target(),
        desired.approval(),
        desired.flyway(),
        desired.scriptImage(),
        desired.alembic(),
        desired.createAll(),
        desired.seed(),
        desired.limits(),
        desired.retry(),
        desired.rollback(),
        desired.baseline(),
        desired.windows(),
        desired.role(),
        desired.suspended(),
        desired.approvalPolicy(),
        desired.planning(),
        desired.drift(),
        desired.backupFirst(),
        desired.planRequest());
  }
}
