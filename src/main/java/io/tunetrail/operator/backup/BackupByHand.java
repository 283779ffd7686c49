package io.tunetrail.operator.backup;

import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.Map;

/** A backup now, as {@code kubectl create job --from=cronjob/…} makes one: counted as any other. */
public final class BackupByHand {
  /** As kubectl marks a Job that it makes from a CronJob. */
  private static final Map<String, String> BY_HAND =
      Map.of("cronjob.kubernetes.io/instantiate", "manual");

  private BackupByHand() {}

  /**
   * The Job.
   *
   * @param suffix of its name, at most 10 characters
   */
  public static Job of(CronJob cronJob, String suffix) {
    var metadata = cronJob.getMetadata();
    var template = cronJob.getSpec().getJobTemplate();
    return new JobBuilder()
        .withNewMetadata()
        .withNamespace(metadata.getNamespace())
        .withName(metadata.getName() + "-" + suffix)
        .withLabels(template.getMetadata().getLabels())
        .withAnnotations(template.getMetadata().getAnnotations())
        .addToAnnotations(BY_HAND)
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion("batch/v1")
                .withKind("CronJob")
                .withName(metadata.getName())
                .withUid(metadata.getUid())
                .withController(true)
                .build())
        .endMetadata()
        .withSpec(template.getSpec())
        .build();
  }
}
