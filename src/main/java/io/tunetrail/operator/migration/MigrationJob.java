package io.tunetrail.operator.migration;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.tunetrail.operator.api.JobTemplateSpec;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.engine.ImageSource;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.lifecycle.Work;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Job that carries out a piece of work: one pod, tried once. Trying again is the operator's
 * decision and another Job.
 */
public final class MigrationJob {
  /** The container whose end is the work's end. */
  public static final String CONTAINER = "work";

  private static final int KEPT_SECONDS = 3600;

  /** The operator removes them sooner, where it is there and still looks by Jobs. */
  private static final int LOOK_KEPT_SECONDS = 900;

  private final TuneTrailDatabase resource;
  private final Desired desired;
  private final Work work;
  private final String image;
  private final String name;
  private final JobTemplateSpec template;
  private final @Nullable String argument;
  private final @Nullable RestoreAccess access;

  private MigrationJob(
      TuneTrailDatabase resource,
      Desired desired,
      Work work,
      @Nullable String argument,
      @Nullable RestoreAccess access,
      String image) {
    this.resource = resource;
    this.desired = desired;
    this.work = work;
    this.argument = argument;
    this.access = access;
    this.image = image;
    this.name = work.jobName(resource.getMetadata().getName());
    this.template = requireNonNullElse(resource.getSpec().jobTemplate(), JobTemplateSpec.NONE);
  }

  /**
   * The Job.
   *
   * @param image the operator's own
   */
  public static Job of(TuneTrailDatabase resource, Desired desired, Work work, String image) {
    return new MigrationJob(resource, desired, work, null, null, image).job();
  }

  /**
   * The Job of a person, which cleans up after itself.
   *
   * @param argument what the person gave with the task; null for nothing
   */
  public static Job byHand(
      TuneTrailDatabase resource,
      Desired desired,
      Work work,
      @Nullable String argument,
      String image) {
    return new JobBuilder(new MigrationJob(resource, desired, work, argument, null, image).job())
        .editSpec()
        .withTtlSecondsAfterFinished(KEPT_SECONDS)
        .endSpec()
        .build();
  }

  /**
   * The Job of a restore, as if it were one of the database's own.
   *
   * @param image the operator's own
   */
  public static Job restoring(
      TuneTrailDatabase resource, Desired desired, Work work, RestoreAccess access, String image) {
    return new MigrationJob(resource, desired, work, null, access, image).job();
  }

  /** The name of the container that has the inspected image. */
  public static String containerOf(ImageSource source) {
    return switch (source.holds()) {
      case REVISIONS -> CONTAINER;
      case SCRIPTS -> WorkPod.COPY;
    };
  }

  /** The name of the container whose log tells the SQL of a plan. */
  public static String containerOfPlan(Desired desired) {
    return desired.alembic() == null ? CONTAINER : WorkPod.GUARD;
  }

  private Job job() {
    return new JobBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(resource.getMetadata().getNamespace())
        .withLabels(labels())
        .withAnnotations(ownAnnotations())
        .withOwnerReferences(owner(resource))
        .endMetadata()
        .withNewSpec()
        .withBackoffLimit(0)
        .withTtlSecondsAfterFinished(work.task() == Task.LOOK ? LOOK_KEPT_SECONDS : null)
        .withActiveDeadlineSeconds(desired.limits().deadline().toSeconds())
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels())
        .withAnnotations(podAnnotations())
        .endMetadata()
        .withSpec(
            new JobTemplate(template)
                .appliedTo(
                    new WorkPod(
                            resource,
                            desired,
                            work,
                            image,
                            template,
                            approvedBy(),
                            argument,
                            access == null ? null : access.admin())
                        .spec()))
        .endTemplate()
        .endSpec()
        .build();
  }

  /** Makes the resource the owner of an object, which goes with it. */
  public static OwnerReference owner(HasMetadata resource) {
    return new OwnerReferenceBuilder()
        .withApiVersion(resource.getApiVersion())
        .withKind(resource.getKind())
        .withName(resource.getMetadata().getName())
        .withUid(resource.getMetadata().getUid())
        .withController(true)
        .build();
  }

  private Map<String, String> labels() {
    var labels = new HashMap<>(orEmpty(template.labels()));
    labels.put(JobLabels.DATABASE, label(resource.getMetadata().getName()));
    labels.put(JobLabels.TASK, work.task().toString());
    if (work.task().startedByHand()) {
      labels.put(JobLabels.MANAGED_BY, JobLabels.COMMAND_LINE);
      return labels;
    }
    labels.put(JobLabels.MANAGED_BY, JobLabels.OPERATOR);
    labels.put(JobLabels.RESOURCE_UID, resource.getMetadata().getUid());
    labels.put(JobLabels.ATTEMPT, Integer.toString(work.attempt()));
    return labels;
  }

  private static String label(String name) {
    return (name.length() <= 63 ? name : name.substring(0, 63)).replaceAll("[^A-Za-z0-9]+$", "");
  }

  private Map<String, String> ownAnnotations() {
    var annotations = new HashMap<String, String>();
    annotations.put(JobLabels.RESOURCE_NAME, resource.getMetadata().getName());
    annotations.put(JobLabels.INPUTS, work.inputs());
    var approver = approvedBy();
    if (approver != null) {
      annotations.put(JobLabels.APPROVED_BY, approver);
    }
    if (work.backup() != null) {
      annotations.put(JobLabels.BACKUP, work.backup());
    }
    return annotations;
  }

  /** An autoscaler that removes the node would cut the migration off. */
  private Map<String, String> podAnnotations() {
    var annotations = new HashMap<>(orEmpty(template.annotations()));
    annotations.putAll(ownAnnotations());
    annotations.put("cluster-autoscaler.kubernetes.io/safe-to-evict", "false");
    annotations.put("karpenter.sh/do-not-disrupt", "true");
    return annotations;
  }

  private @Nullable String approvedBy() {
    if (access != null) {
      return access.approvedBy();
    }
    var approval = desired.approval();
    boolean approved =
        desired.gated()
            && work.task() != Task.LOOK
            && work.task() != Task.PLAN
            && work.task() != Task.EXAMINE
            && work.task() != Task.BACKUP
            && work.task() != Task.VERIFY
            && work.task() != Task.RESTORE;
    return approved && approval != null ? approval.approvedBy() : null;
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : map;
  }
}
