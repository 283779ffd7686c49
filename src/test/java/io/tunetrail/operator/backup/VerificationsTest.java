package io.tunetrail.operator.backup;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.BackupStatus;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.ObservedJob.Blocked;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.ObservedJob.Running;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Report;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of backups that are made every day at 03:05 and verified. */
class VerificationsTest {
  private static final String FIRST = "2026-05-02T03:05:00Z";
  private static final String SECOND = "2026-05-03T03:05:00Z";

  private final List<ObservedBackup> backups = new ArrayList<>();
  private final List<ObservedJob> jobs = new ArrayList<>();
  private String verification = "";
  private String server = "scratch";
  private @Nullable BackupStatus status;

  private DesiredBackup.Scheduled desired() {
    var fields =
        "schedule: '5 3 * * *', storage: {persistentVolumeClaim: {claimName: c}}, verification: {"
            + verification
            + "}";
    return (DesiredBackup.Scheduled) DesiredBackup.from(TestBackups.resource("karaoke", fields));
  }

  private Verifications verifications(String now) {
    return new Verifications("uid", server, jobs, Instant.parse(now));
  }

  private BackupWord said(String now) {
    var at = Instant.parse(now);
    var word =
        BackupWord.next(desired(), "karaoke-backup", status, backups, null, at)
            .orElseThrow()
            .with(verifications(now), desired().verification().suspended());
    status = word.status();
    return word;
  }

  private Optional<Verifications.Due> due(String now) {
    return verifications(now).due(said(now).status(), desired());
  }

  private void made(String slot) {
    backups.add(TestBackups.made(slot));
  }

  /** The Job that is due then, and ends a minute later. */
  private void ended(String now, Outcome outcome, @Nullable String detail) {
    var due = due(now).orElseThrow();
    var at = Instant.parse(now).plusSeconds(60);
    var told = new VerificationReport(due.backup(), outcome == Outcome.DONE, 3, 50_101);
    var report =
        outcome == Outcome.LOST
            ? null
            : new Report(outcome, null, null, 0, detail, now, at.toString(), null, told, null);
    job(due, new Ended(outcome, at, detail, report));
  }

  private void job(Verifications.Due due, ObservedJob.State state) {
    jobs.add(
        new ObservedJob(
            "karaoke-verify-" + due.backup() + "-" + due.attempt(),
            Task.VERIFY,
            due.inputs(),
            due.attempt(),
            null,
            state));
  }

  private static void assertWord(BackupWord word, boolean healthy, Reason reason, String... words) {
    assertThat(word.verdict().reason()).as(word.verdict().detail()).isEqualTo(reason);
    assertThat(word.healthy()).isEqualTo(healthy);
    for (var it : words) {
      assertThat(word.verdict().message()).contains(it);
    }
  }

  @Test
  void each_backup_is_verified_once() {
    assertThat(due("2026-05-01T12:00:00Z")).isEmpty();
    made(FIRST);
    assertThat(due("2026-05-02T03:07:00Z"))
        .hasValueSatisfying(it -> assertThat(it.backup()).isEqualTo("karaoke-" + FIRST));
    ended("2026-05-02T03:07:00Z", Outcome.DONE, null);
    assertWord(
        said("2026-05-02T03:09:00Z"),
        true,
        Reason.BACKED_UP,
        "restored in 1m, 3 tables with 50101 rows are as they were");
    assertThat(due("2026-05-02T03:09:00Z")).isEmpty();
    jobs.clear();
    assertThat(due("2026-05-02T04:00:00Z")).as("the status remembers").isEmpty();
    made(SECOND);
    assertThat(due("2026-05-03T03:07:00Z")).isPresent();
  }

  @Test
  void none_begins_while_one_runs() {
    made(FIRST);
    job(due("2026-05-02T03:07:00Z").orElseThrow(), new Running());
    made(SECOND);
    assertThat(due("2026-05-03T03:07:00Z")).isEmpty();
  }

  @Test
  void fault_36_a_damaged_one_makes_backups_unhealthy_until_another_is_verified() {
    made(FIRST);
    ended("2026-05-02T03:07:00Z", Outcome.BACKUP_DAMAGED, "a.dump has 7 bytes");
    assertWord(
        said("2026-05-02T03:09:00Z"), false, Reason.BACKUP_DAMAGED, "a.dump has 7 bytes", "older");
    assertThat(due("2026-05-02T12:00:00Z")).as("trying again changes nothing").isEmpty();
    jobs.clear();
    assertThat(due("2026-05-02T12:00:00Z")).as("also when its Job is gone").isEmpty();
    made(SECOND);
    assertWord(said("2026-05-03T03:07:00Z"), false, Reason.BACKUP_DAMAGED);
    ended("2026-05-03T03:07:00Z", Outcome.DONE, null);
    var healed = said("2026-05-03T03:09:00Z");
    assertWord(healed, true, Reason.BACKED_UP);
    assertThat(requireNonNull(healed.status().lastVerificationFailure()).reason())
        .isEqualTo("BackupDamaged");
  }

  @Test
  void without_a_scratch_database_a_backup_is_healthy_and_the_message_says_what_to_do() {
    made(FIRST);
    ended("2026-05-02T03:07:00Z", Outcome.SCRATCH_UNAVAILABLE, "singer may not create databases");
    var word = said("2026-05-02T03:09:00Z");
    assertWord(
        word,
        true,
        Reason.BACKED_UP,
        "holds",
        "not verified: singer may not create databases",
        "spec.scratch");
    assertThat(word.verificationNews(BackupStatus.NONE))
        .hasValueSatisfying(
            it -> {
              assertThat(it.warning()).isTrue();
              assertThat(it.reason()).isEqualTo(Reason.SCRATCH_UNAVAILABLE);
            });
    assertThat(word.verificationNews(word.status())).as("it is told once").isEmpty();
  }

  @Test
  void what_may_heal_is_tried_again_ever_later_and_not_for_ever() {
    made(FIRST);
    for (var at : List.of("03:07", "03:09:30", "03:13", "03:19", "03:29")) {
      var now = "2026-05-02T%s%sZ".formatted(at, at.length() == 5 ? ":00" : "");
      ended(now, Outcome.SCRATCH_UNAVAILABLE, "full");
      assertThat(due(Instant.parse(now).plusSeconds(61).toString())).as("too soon").isEmpty();
    }
    assertThat(due("2026-05-02T23:00:00Z")).as("after five").isEmpty();
    server = "another scratch";
    assertThat(due("2026-05-02T23:00:00Z")).as("elsewhere").isPresent();
  }

  @Test
  void a_pod_that_was_killed_or_can_not_start_is_told() {
    made(FIRST);
    ended("2026-05-02T03:07:00Z", Outcome.LOST, "the pod is gone");
    assertWord(said("2026-05-02T03:08:30Z"), true, Reason.BACKED_UP, "the pod is gone");
    jobs.clear();
    made(SECOND);
    job(
        due("2026-05-03T03:07:00Z").orElseThrow(),
        new Blocked(Reason.POD_UNSCHEDULABLE, "no room", null));
    assertWord(said("2026-05-03T03:08:00Z"), true, Reason.BACKED_UP, "not verified: no room");
  }

  @Test
  void it_may_be_suspended_or_have_times_of_its_own() {
    verification = "suspend: true";
    made(FIRST);
    assertThat(due("2026-05-02T03:07:00Z")).isEmpty();
    verification = "schedule: '30 5 * * 0'";
    assertThat(due("2026-05-02T12:00:00Z")).as("a Saturday").isEmpty();
    made(SECOND);
    assertThat(due("2026-05-03T05:29:00Z")).isEmpty();
    ended("2026-05-03T05:31:00Z", Outcome.DONE, null);
    made("2026-05-04T03:05:00Z");
    assertThat(due("2026-05-09T12:00:00Z")).isEmpty();
    assertThat(due("2026-05-11T12:00:00Z")).as("made good after a time away").isPresent();
  }

  @Test
  void fault_38_times_of_its_own_that_never_come_are_named() {
    var fields =
        "schedule: '5 3 * * *', storage: {persistentVolumeClaim: {claimName: c}}, verification:"
            + " {schedule: '5 3 30 2 *'}";
    assertThat(DesiredBackup.from(TestBackups.resource("karaoke", fields)))
        .isInstanceOfSatisfying(
            DesiredBackup.Invalid.class,
            it -> assertThat(it.detail()).contains("verification.schedule", "never comes"));
  }

  @Test
  void jobs_of_earlier_backups_go_but_the_last() {
    made(FIRST);
    ended("2026-05-02T03:07:00Z", Outcome.SCRATCH_UNAVAILABLE, "full");
    ended("2026-05-02T03:10:00Z", Outcome.SCRATCH_UNAVAILABLE, "full");
    assertThat(verifications(SECOND).superfluous(said(SECOND).status())).isEmpty();
    made(SECOND);
    var now = "2026-05-03T03:07:00Z";
    assertThat(verifications(now).superfluous(said(now).status())).hasSize(1);
  }

  @Test
  void what_is_said_stays_the_same_while_nothing_happens() {
    made(FIRST);
    ended("2026-05-02T03:07:00Z", Outcome.DONE, null);
    var word = said("2026-05-02T03:09:00Z");
    assertThat(said("2026-05-02T09:00:00Z")).isEqualTo(word);
  }
}
