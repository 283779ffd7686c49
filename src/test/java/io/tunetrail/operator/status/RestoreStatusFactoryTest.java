package io.tunetrail.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.RestorePhase;
import io.tunetrail.operator.api.RestoreStep;
import io.tunetrail.operator.api.TuneTrailRestoreStatus;
import io.tunetrail.operator.backup.DesiredBackup;
import io.tunetrail.operator.backup.RestoreReport;
import io.tunetrail.operator.backup.RestoreReport.Phase;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.ObservedJob.Running;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Report;
import io.tunetrail.operator.restore.DesiredRestore;
import io.tunetrail.operator.restore.ObservedRestore;
import io.tunetrail.operator.restore.ObservedRestore.Found;
import io.tunetrail.operator.restore.ObservedRestore.Open;
import io.tunetrail.operator.restore.RestoreDecision;
import io.tunetrail.operator.restore.TestRestores;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RestoreStatusFactoryTest {
  private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
  private static final DesiredRestore DESIRED =
      DesiredRestore.from(
          TestRestores.restore(TestRestores.IN_PLACE + ", approval: {backup: songs-1}"));

  private static TuneTrailRestoreStatus next(
      @Nullable TuneTrailRestoreStatus before, ObservedJob... own) {
    var observed =
        new ObservedRestore(NOW, new ObservedRestore.Missing(), List.of(own), List.of(), true);
    return RestoreStatusFactory.next(
        before, 1, DESIRED, observed, RestoreDecision.plan(DESIRED, observed));
  }

  private static ObservedJob job(int attempt, ObservedJob.State state) {
    return new ObservedJob("songs-restore-" + attempt, Task.RESTORE, "i", attempt, null, state);
  }

  private static ObservedJob done() {
    var restore =
        new RestoreReport(
            "songs-1",
            "songs",
            "songs-1-safety",
            "songs_before",
            3,
            42,
            List.of(new Phase("Restore", "2026-11-27T09:59:00Z", "2026-11-27T09:59:30Z")));
    var report = new Report(Outcome.DONE, null, null, 0, null, null, null, null, null, restore);
    return job(1, new Ended(Outcome.DONE, NOW, null, report));
  }

  @Test
  void what_the_job_reported_is_shown() {
    var status = next(null, done());
    assertThat(status.phase()).isEqualTo(RestorePhase.RESTORED);
    assertThat(status.backup()).isEqualTo("songs-1");
    assertThat(status.database()).isEqualTo("songs");
    assertThat(status.safetyBackup()).isEqualTo("songs-1-safety");
    assertThat(status.previousDatabase()).isEqualTo("songs_before");
    assertThat(status.tables()).isEqualTo(3);
    assertThat(status.rows()).isEqualTo(42);
    assertThat(status.result()).isEqualTo("Done");
    assertThat(status.phases())
        .containsExactly(
            new RestoreStep("Restore", "2026-11-27T09:59:00Z", "2026-11-27T09:59:30Z"));
    assertThat(Conditions.isTrue(status.conditions(), Conditions.READY)).isTrue();
    assertThat(Conditions.isTrue(status.conditions(), Conditions.STALLED)).isFalse();
    assertThat(Conditions.isTrue(status.conditions(), Conditions.RECONCILING)).isFalse();
  }

  @Test
  void a_failure_without_a_way_on_is_stalled_and_says_what_to_do() {
    var failed = job(1, new Ended(Outcome.RESTORE_FAILED, NOW, "the archive ends early", null));
    var status = next(null, failed);
    assertThat(status.phase()).isEqualTo(RestorePhase.FAILED);
    assertThat(status.result()).isEqualTo("RestoreFailed");
    assertThat(status.message()).isEqualTo("the archive ends early");
    assertThat(Conditions.isTrue(status.conditions(), Conditions.STALLED)).isTrue();
    assertThat(Conditions.find(status.conditions(), Conditions.READY))
        .hasValueSatisfying(
            it -> assertThat(it.message()).contains("the archive ends early", "restore anew"));
  }

  @Test
  void what_an_attempt_told_stays_while_the_next_one_works() {
    var lost = job(1, new Ended(Outcome.LOST, NOW, "its pod is gone", null));
    var status = next(next(null, lost), job(2, new Running()));
    assertThat(status.phase()).isEqualTo(RestorePhase.RESTORING);
    assertThat(status.job()).isEqualTo("songs-restore-2");
    assertThat(status.result()).isEqualTo("JobLost");
    assertThat(status.backup()).isEqualTo("songs-1");
  }

  @Test
  void one_that_can_not_be_ends_at_once_and_without_a_job() {
    var desired =
        DesiredRestore.from(
            TestRestores.restore("backup: {latest: Any}, into: {newDatabase: songs}"));
    var observed =
        new ObservedRestore(
            NOW,
            new Found(DesiredBackup.from(TestRestores.backedUp()), null, new Open("songs"), null),
            List.of(),
            List.of(),
            false);
    var plan = RestoreDecision.plan(desired, observed);
    var status = RestoreStatusFactory.next(null, 1, desired, observed, plan);
    assertThat(status.phase()).isEqualTo(RestorePhase.FAILED);
    assertThat(status.job()).isNull();
    assertThat(status.finished()).isEqualTo("2026-11-27T10:00:00Z");
  }

  @Test
  void nothing_changes_while_nothing_happens() {
    var status = next(null, job(1, new Running()));
    assertThat(next(status, job(1, new Running()))).isEqualTo(status);
  }
}
