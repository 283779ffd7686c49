package io.tunetrail.operator.backup;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.tunetrail.operator.api.LatestBackup;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailRestore;
import io.tunetrail.operator.engine.ScriptSet;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.lifecycle.Work;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.migration.MigrationJob;
import io.tunetrail.operator.migration.RestoreAccess;
import io.tunetrail.operator.restore.DesiredRestore;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;

/**
 * The Job of a restore: its pod is shaped as those of the database's own works, and it belongs to
 * the TuneTrailRestore.
 */
public final class RestoreJob {
  private static final Duration LONGEST_RUN = Duration.ofDays(1);

  private final TuneTrailRestore restore;
  private final DesiredRestore desired;
  private final TuneTrailDatabase database;
  private final DesiredBackup.Scheduled backups;

  private RestoreJob(
      TuneTrailRestore restore, TuneTrailDatabase database, DesiredBackup.Scheduled backups) {
    this.restore = restore;
    this.desired = DesiredRestore.from(restore);
    this.database = database;
    this.backups = backups;
  }

  /**
   * The Job.
   *
   * @param backups the database's
   * @param image the operator's own
   */
  public static Job of(
      TuneTrailRestore restore,
      TuneTrailDatabase database,
      DesiredBackup.Scheduled backups,
      RestoreAccess access,
      int attempt,
      String image) {
    return new RestoreJob(restore, database, backups).job(access, attempt, image);
  }

  private Job job(RestoreAccess access, int attempt, String image) {
    var schema = Desired.from(database);
    var work =
        new Work(
            schema.method(),
            Task.RESTORE,
            desired.inputs(),
            attempt,
            ScriptSet.NONE.digest(),
            null,
            null);
    var job = MigrationJob.restoring(database, schema, work, access, image);
    return new JobBuilder(job)
        .editMetadata()
        .withOwnerReferences(MigrationJob.owner(restore))
        .addToLabels(JobLabels.RESOURCE_UID, desired.uid())
        .addToAnnotations(JobLabels.RESTORE, restore.getMetadata().getName())
        .addToAnnotations(
            JobLabels.GENERATION, Long.toString(database.getMetadata().getGeneration()))
        .endMetadata()
        .editSpec()
        .withActiveDeadlineSeconds(LONGEST_RUN.toSeconds())
        .withTemplate(template(job.getSpec().getTemplate()))
        .endSpec()
        .build();
  }

  private PodTemplateSpec template(PodTemplateSpec template) {
    return new PodTemplateSpecBuilder(
            BackupPod.reaching(template, backups, keys(), List.of(order())))
        .editMetadata()
        .addToLabels(JobLabels.RESOURCE_UID, desired.uid())
        .addToAnnotations(JobLabels.RESTORE, restore.getMetadata().getName())
        .endMetadata()
        .build();
  }

  /** In place there is a backup made before, of what is replaced. */
  private List<String> keys() {
    return desired.newDatabase() == null
        ? List.of(BackupKeys.RECIPIENT, BackupKeys.IDENTITY)
        : List.of(BackupKeys.IDENTITY);
  }

  private EnvVar order() {
    var order =
        new RestoreOrder(
            desired.resource(),
            restore.getMetadata().getName() + "/" + desired.uid(),
            BackupPod.order(backups, desired.resource()),
            choice(),
            desired.newDatabase());
    return new EnvVarBuilder().withName(RestoreOrder.VARIABLE).withValue(order.toJson()).build();
  }

  private BackupChoice choice() {
    var named = desired.named();
    if (named != null) {
      return BackupChoice.named(named);
    }
    var before = desired.backup().before();
    return before == null
        ? BackupChoice.latest(
            Objects.requireNonNull(desired.backup().latest()) == LatestBackup.VERIFIED)
        : BackupChoice.before(OffsetDateTime.parse(before).toInstant());
  }
}
