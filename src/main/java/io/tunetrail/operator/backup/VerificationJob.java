package io.tunetrail.operator.backup;

import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.engine.ScriptSet;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.lifecycle.Work;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.migration.MigrationJob;
import java.time.Duration;
import java.util.List;

/** The Job that verifies a backup; its pod is shaped as that of every work. */
public final class VerificationJob {
  /** One that hangs must not keep later backups from being verified. */
  private static final Duration LONGEST_RUN = Duration.ofDays(1);

  private VerificationJob() {}

  /**
   * The Job, whose name tells backup and attempt.
   *
   * @param image the operator's own
   */
  public static Job of(
      TuneTrailDatabase resource,
      Desired desired,
      DesiredBackup.Scheduled backup,
      Verifications.Due due,
      String image) {
    var work =
        new Work(
            desired.method(),
            Task.VERIFY,
            due.inputs(),
            due.attempt(),
            ScriptSet.NONE.digest(),
            null,
            null);
    var job = MigrationJob.of(resource, desired, work, image);
    var order =
        new VerifyOrder(due.backup(), BackupPod.order(backup, resource.getMetadata().getName()));
    var variable =
        new EnvVarBuilder().withName(VerifyOrder.VARIABLE).withValue(order.toJson()).build();
    return new JobBuilder(job)
        .editMetadata()
        .addToAnnotations(
            JobLabels.GENERATION, Long.toString(resource.getMetadata().getGeneration()))
        .endMetadata()
        .editSpec()
        .withActiveDeadlineSeconds(LONGEST_RUN.toSeconds())
        .withTemplate(
            BackupPod.reaching(
                job.getSpec().getTemplate(),
                backup,
                List.of(BackupKeys.IDENTITY),
                List.of(variable)))
        .endSpec()
        .build();
  }
}
