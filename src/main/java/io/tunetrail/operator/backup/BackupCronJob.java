package io.tunetrail.operator.backup;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.engine.ScriptSet;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.lifecycle.Work;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.migration.MigrationJob;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The CronJob that makes a resource's backups; its pods are shaped as those of every work. */
public final class BackupCronJob {
  /** So many Jobs of each end stay; what happened before the oldest of them is not known. */
  static final int HISTORY = 3;

  private static final int LONGEST_NAME = 52;
  private static final String SUFFIX = "-backup";
  private static final int HASH = 8;

  /** One that hangs must not keep all that follow from being made. */
  private static final Duration LONGEST_RUN = Duration.ofDays(1);

  private final TuneTrailDatabase resource;
  private final Desired desired;
  private final DesiredBackup.Scheduled backup;
  private final String image;

  private BackupCronJob(
      TuneTrailDatabase resource, Desired desired, DesiredBackup.Scheduled backup, String image) {
    this.resource = resource;
    this.desired = desired;
    this.backup = backup;
    this.image = image;
  }

  /**
   * The CronJob.
   *
   * @param image the operator's own
   */
  public static CronJob of(
      TuneTrailDatabase resource, Desired desired, DesiredBackup.Scheduled backup, String image) {
    return new BackupCronJob(resource, desired, backup, image).cronJob();
  }

  /** The CronJob's name: its Jobs have eleven letters more. */
  public static String name(String resourceName) {
    if (resourceName.length() + SUFFIX.length() <= LONGEST_NAME) {
      return resourceName + SUFFIX;
    }
    var hash = Digest.of(resourceName).substring("sha256:".length()).substring(0, HASH);
    int room = LONGEST_NAME - SUFFIX.length() - HASH - 1;
    return resourceName.substring(0, room).replaceAll("[.-]+$", "") + "-" + hash + SUFFIX;
  }

  private CronJob cronJob() {
    var job = MigrationJob.of(resource, desired, work(), image);
    var labels = new TreeMap<>(job.getMetadata().getLabels());
    labels.remove(JobLabels.ATTEMPT);
    var annotations = Map.of(JobLabels.RESOURCE_NAME, resource.getMetadata().getName());
    var cronJob =
        new CronJobBuilder()
            .withNewMetadata()
            .withName(name(resource.getMetadata().getName()))
            .withNamespace(resource.getMetadata().getNamespace())
            .withLabels(labels)
            .withAnnotations(annotations)
            .withOwnerReferences(MigrationJob.owner(resource))
            .endMetadata()
            .withNewSpec()
            .withSchedule(backup.schedule().cron())
            .withTimeZone(backup.schedule().zone())
            .withSuspend(backup.suspended())
            .withConcurrencyPolicy("Forbid")
            .withStartingDeadlineSeconds(backup.schedule().deadline().toSeconds())
            .withSuccessfulJobsHistoryLimit(HISTORY)
            .withFailedJobsHistoryLimit(HISTORY)
            .withNewJobTemplate()
            .withNewMetadata()
            .withLabels(labels)
            .withAnnotations(annotations)
            .endMetadata()
            .withNewSpec()
            .withSuspend(true) // until its turn comes, so that not all run at once
            .withBackoffLimit(0)
            .withActiveDeadlineSeconds(LONGEST_RUN.toSeconds())
            .withTemplate(template(job.getSpec().getTemplate(), labels))
            .endSpec()
            .endJobTemplate()
            .endSpec()
            .build();
    return stamped(cronJob);
  }

  /** With the digest of all that it asks for: a changed one is known by it. */
  private static CronJob stamped(CronJob cronJob) {
    return new CronJobBuilder(cronJob)
        .editMetadata()
        .addToAnnotations(JobLabels.INPUTS, Digest.of(Serialization.asJson(cronJob.getSpec())))
        .endMetadata()
        .build();
  }

  private Work work() {
    return new Work(
        desired.method(),
        Task.BACKUP,
        Digest.of(desired.uid(), Task.BACKUP.toString()),
        1,
        ScriptSet.NONE.digest(),
        null,
        null);
  }

  private PodTemplateSpec template(PodTemplateSpec template, Map<String, String> labels) {
    return new PodTemplateSpecBuilder(
            BackupPod.reaching(
                template, backup, List.of(BackupKeys.RECIPIENT), List.of(order(), job())))
        .editMetadata()
        .withLabels(labels)
        .removeFromAnnotations(JobLabels.INPUTS)
        .endMetadata()
        .build();
  }

  private EnvVar order() {
    var name = resource.getMetadata().getName();
    var order = new BackupOrder(name, BackupPod.order(backup, name), backup.retention());
    return new EnvVarBuilder().withName(BackupOrder.VARIABLE).withValue(order.toJson()).build();
  }

  /** Whoever made it, by schedule or by hand. */
  private static EnvVar job() {
    return new EnvVarBuilder()
        .withName(BackupOrder.JOB_VARIABLE)
        .withNewValueFrom()
        .withNewFieldRef()
        .withFieldPath("metadata.labels['batch.kubernetes.io/job-name']")
        .endFieldRef()
        .endValueFrom()
        .build();
  }
}
