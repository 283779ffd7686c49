package io.tunetrail.operator.backup;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.BackupStatus;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.ObservedJob.Blocked;
import io.tunetrail.operator.lifecycle.Verdict;
import io.tunetrail.operator.migration.Outcome;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said of backups that are due every day at 03:05. */
class BackupWordTest {
  private static final DesiredBackup DAILY = TestBackups.desired("5 3 * * *", "UTC");

  private @Nullable BackupStatus status;

  private BackupWord said(String now, ObservedBackup... backups) {
    return said(DAILY, now, null, backups);
  }

  private BackupWord said(
      DesiredBackup desired, String now, @Nullable Verdict obstacle, ObservedBackup... backups) {
    var word =
        BackupWord.next(
                desired, "karaoke-backup", status, List.of(backups), obstacle, Instant.parse(now))
            .orElseThrow();
    status = word.status();
    return word;
  }

  private static void assertWord(BackupWord word, @Nullable Boolean healthy, Reason reason) {
    assertThat(word.verdict().reason()).as(word.verdict().detail()).isEqualTo(reason);
    assertThat(word.healthy()).isEqualTo(healthy);
  }

  @Test
  void before_the_first_it_says_when_that_is_due() {
    var word = said("2026-05-01T12:00:00Z");
    assertWord(word, null, Reason.NO_BACKUP_YET);
    assertThat(word.verdict().message()).contains("2026-05-02T03:05:00Z", "kubectl create job");
    assertThat(word.status().nextRun()).isEqualTo("2026-05-02T03:05:00Z");
  }

  @Test
  void fault_34_times_that_were_missed_are_told_when_they_are_counted() {
    said("2026-05-01T12:00:00Z");
    var before = status;
    var word = said("2026-05-05T03:07:00Z", TestBackups.made("2026-05-05T03:05:00Z", "karaoke-5"));
    assertWord(word, true, Reason.BACKED_UP);
    assertThat(word.missedNews(before))
        .hasValue("the backup of 2026-05-04T03:05:00Z was not begun, nor were 2 before it");
    assertThat(word.missedNews(word.status())).isEmpty();
  }

  @Test
  void a_backup_is_told_once_with_what_its_retention_removed() {
    said("2026-05-01T12:00:00Z");
    var before = status;
    var made = TestBackups.made("2026-05-02T03:05:00Z", "karaoke-1", "karaoke-2");
    var word = said("2026-05-02T03:07:00Z", made);
    assertWord(word, true, Reason.BACKED_UP);
    var success = requireNonNull(word.status().lastSuccessful());
    assertThat(success.size()).isEqualTo("2.9 MB");
    assertThat(success.duration()).isEqualTo("50s");
    assertThat(success.migrationVersion()).isEqualTo("7");
    assertThat(word.news(before, List.of(made)).orElseThrow())
        .contains("retention removed karaoke-1, karaoke-2");
    assertThat(said("2026-05-02T03:08:00Z", made).news(word.status(), List.of(made))).isEmpty();
  }

  @Test
  void nothing_is_written_while_nothing_happens() {
    var made = TestBackups.made("2026-05-02T03:05:00Z");
    said("2026-05-01T12:00:00Z");
    var word = said("2026-05-02T04:00:00Z", made);
    assertThat(said("2026-05-02T05:00:00Z", made).status()).isEqualTo(word.status());
    assertThat(said("2026-05-02T20:00:00Z", made).status()).isEqualTo(word.status());
  }

  @Test
  void failures_count_until_one_succeeds_although_their_jobs_go() {
    said("2026-05-01T12:00:00Z");
    said(
        "2026-05-02T04:00:00Z",
        TestBackups.failed("2026-05-02T03:05:00Z", Outcome.BACKUP_STORAGE_FAILED, "no space left"));
    var word =
        said(
            "2026-05-03T04:00:00Z",
            TestBackups.failed("2026-05-03T03:05:00Z", Outcome.LOST, "the pod is gone"));
    assertWord(word, false, Reason.JOB_LOST);
    assertThat(word.status().failuresSince()).isEqualTo(2);
    assertThat(word.verdict().detail()).contains("the pod is gone", "2 failed in a row");
    var healed = said("2026-05-04T04:00:00Z", TestBackups.made("2026-05-04T03:05:00Z"));
    assertWord(healed, true, Reason.BACKED_UP);
    assertThat(healed.status().failuresSince()).isZero();
    assertThat(requireNonNull(healed.status().lastFailure()).reason()).isEqualTo("JobLost");
  }

  @Test
  void fault_34_times_that_passed_without_one_are_counted_and_one_makes_them_good() {
    said("2026-05-01T12:00:00Z");
    var first = TestBackups.made("2026-05-02T03:05:00Z");
    said("2026-05-02T04:00:00Z", first);
    var late = said("2026-05-03T03:30:00Z", first);
    assertWord(late, false, Reason.BACKUP_MISSED);
    assertThat(late.status().missedRuns()).as("it may still begin").isZero();

    var back = said("2026-08-11T12:00:00Z", first);
    assertWord(back, false, Reason.BACKUP_MISSED);
    assertThat(back.status().missedRuns()).isEqualTo(100);
    var next = said("2026-08-11T12:02:00Z", first, TestBackups.made("2026-08-11T03:05:00Z"));
    assertThat(next.status().missedRuns()).isEqualTo(100);
    var good = said("2026-08-12T04:00:00Z", first, TestBackups.made("2026-08-12T03:05:00Z"));
    assertWord(good, true, Reason.BACKED_UP);
  }

  @Test
  void fault_35_a_slow_one_skips_the_next_time_and_that_is_counted() {
    var hourly = TestBackups.desired("5 * * * *", "UTC");
    said(hourly, "2026-05-01T12:00:00Z", null);
    var slow = TestBackups.running("2026-05-01T12:05:00Z");
    assertThat(said(hourly, "2026-05-01T13:30:00Z", null, slow).status().missedRuns()).isZero();
    var word =
        said(
            hourly,
            "2026-05-01T14:07:00Z",
            null,
            TestBackups.made("2026-05-01T12:05:00Z"),
            TestBackups.running("2026-05-01T14:05:00Z"));
    assertThat(word.status().missedRuns()).isEqualTo(1);
    assertThat(word.status().lastMissed()).isEqualTo("2026-05-01T13:05:00Z");
  }

  @Test
  void what_was_before_the_jobs_that_are_kept_is_not_taken_for_missed() {
    said("2026-05-01T12:00:00Z");
    var kept =
        new ObservedBackup[] {
          TestBackups.made("2026-05-08T03:05:00Z"),
          TestBackups.made("2026-05-09T03:05:00Z"),
          TestBackups.made("2026-05-10T03:05:00Z")
        };
    assertThat(said("2026-05-10T04:00:00Z", kept).status().missedRuns()).isZero();
  }

  @Test
  void another_schedule_is_counted_anew_and_a_suspended_one_not_at_all() {
    said("2026-05-01T12:00:00Z");
    assertThat(said("2026-05-04T12:00:00Z").status().missedRuns()).isPositive();
    var word = said(TestBackups.desired("9 3 * * *", "UTC"), "2026-05-04T12:00:10Z", null);
    assertThat(word.status().missedRuns()).isZero();

    var suspended = TestBackups.desired("9 3 * * *", "UTC", true);
    assertWord(said(suspended, "2026-05-09T12:00:00Z", null), null, Reason.BACKUP_SUSPENDED);
    var before = status;
    assertThat(said(suspended, "2026-05-09T13:00:00Z", null).status()).isEqualTo(before);
    assertThat(requireNonNull(before).nextRun()).isNull();
    var resumed = said(TestBackups.desired("9 3 * * *", "UTC"), "2026-05-09T13:01:00Z", null);
    assertThat(resumed.status().missedRuns()).isZero();
  }

  @Test
  void fault_38_a_schedule_that_is_none_is_named_and_what_is_known_stays() {
    said("2026-05-01T12:00:00Z");
    said("2026-05-02T04:00:00Z", TestBackups.made("2026-05-02T03:05:00Z"));
    var word = said(TestBackups.desired("5 3 30 2 *", "UTC"), "2026-05-02T05:00:00Z", null);
    assertWord(word, false, Reason.INVALID_SCHEDULE);
    assertThat(word.verdict().message()).contains("never comes", "spec.backup.schedule");
    assertThat(word.status().lastSuccessful()).isNotNull();
  }

  @Test
  void what_keeps_a_pod_or_the_cron_job_from_being_is_said() {
    var blocked =
        TestBackups.ended(
            "2026-05-02T03:05:00Z", new Blocked(Reason.POD_UNSCHEDULABLE, "no claim", null));
    assertWord(said("2026-05-02T03:06:00Z", blocked), false, Reason.POD_UNSCHEDULABLE);
    var taken = new Verdict(Reason.NAME_CONFLICT, "a CronJob exists that is not ours");
    assertWord(said(DAILY, "2026-05-02T03:06:00Z", taken), false, Reason.NAME_CONFLICT);
  }
}
