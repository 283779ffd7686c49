package io.tunetrail.operator.migration;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.tunetrail.operator.api.JobTemplateSpec;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The Job that carries out a piece of work: one pod, tried once, under the restricted Pod Security
 * level, without Kubernetes credentials. Trying again is the operator's decision and another Job.
 */
public final class MigrationJob {
  /** The container whose end is the work's end. */
  public static final String CONTAINER = "work";

  private static final long USER = 65532;

  /** Longest wait for the database's lock; then the next attempt queues anew. */
  private static final Duration FENCE_TIMEOUT = Duration.ofMinutes(5);

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final TuneTrailDatabase resource;
  private final Desired desired;
  private final Work work;
  private final String image;
  private final String name;
  private final JobTemplateSpec template;
  private final JobVolumes volumes;

  private MigrationJob(TuneTrailDatabase resource, Desired desired, Work work, String image) {
    this.resource = resource;
    this.desired = desired;
    this.work = work;
    this.image = image;
    this.volumes = new JobVolumes(resource.getSpec().connection(), configMaps(resource, desired));
    this.name = work.jobName(resource.getMetadata().getName());
    this.template =
        requireNonNullElse(
            resource.getSpec().jobTemplate(),
            new JobTemplateSpec(null, null, null, null, null, null, null, null, null));
  }

  public static Job of(TuneTrailDatabase resource, Desired desired, Work work, String image) {
    return new MigrationJob(resource, desired, work, image).job();
  }

  private Job job() {
    return new JobBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(resource.getMetadata().getNamespace())
        .withLabels(labels())
        .withAnnotations(ownAnnotations())
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion(resource.getApiVersion())
                .withKind(resource.getKind())
                .withName(resource.getMetadata().getName())
                .withUid(resource.getMetadata().getUid())
                .withController(true)
                .build())
        .endMetadata()
        .withNewSpec()
        .withBackoffLimit(0)
        .withActiveDeadlineSeconds(desired.limits().deadline().toSeconds())
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels())
        .withAnnotations(podAnnotations())
        .endMetadata()
        .withSpec(pod())
        .endTemplate()
        .endSpec()
        .build();
  }

  private Map<String, String> labels() {
    var labels = new HashMap<>(orEmpty(template.labels()));
    labels.put(JobLabels.MANAGED_BY, JobLabels.OPERATOR);
    labels.put(JobLabels.DATABASE, label(resource.getMetadata().getName()));
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
    if (approvedBy() != null) {
      annotations.put(JobLabels.APPROVED_BY, approvedBy());
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

  private PodSpec pod() {
    return new PodSpecBuilder()
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withServiceAccountName(template.serviceAccountName())
        .withPriorityClassName(template.priorityClassName())
        .withNodeSelector(template.nodeSelector())
        .withTolerations(template.tolerations())
        .withImagePullSecrets(pullSecrets())
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(USER)
        .withRunAsGroup(USER)
        .withFsGroup(USER)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .withContainers(container())
        .withVolumes(volumes.volumes())
        .build();
  }

  private List<LocalObjectReference> pullSecrets() {
    return template.imagePullSecrets() == null
        ? List.of()
        : template.imagePullSecrets().stream()
            .map(it -> new LocalObjectReference(it.name()))
            .toList();
  }

  private Container container() {
    return new ContainerBuilder()
        .withName(CONTAINER)
        .withImage(image)
        .withImagePullPolicy("IfNotPresent")
        .withArgs(work.method().role())
        .withEnv(environment())
        .withResources(resources())
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .withVolumeMounts(volumes.mounts())
        .build();
  }

  /** Without a request a busy node gives the work next to nothing. */
  private ResourceRequirements resources() {
    return template.resources() != null
        ? template.resources()
        : new ResourceRequirementsBuilder()
            .addToRequests("cpu", new Quantity("100m"))
            .addToRequests("memory", new Quantity("128Mi"))
            .build();
  }

  private List<EnvVar> environment() {
    var environment = new ArrayList<>(template.env() == null ? List.<EnvVar>of() : template.env());
    environment.add(variable("HOME", "/tmp"));
    environment.add(variable(WorkOrder.MOUNTS_VARIABLE, JobVolumes.FOLDER));
    environment.add(variable(WorkOrder.REPORT_VARIABLE, "/dev/termination-log"));
    environment.add(variable(WorkOrder.VARIABLE, order()));
    return environment;
  }

  private static EnvVar variable(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  private String order() {
    var metadata = resource.getMetadata();
    var order =
        new WorkOrder(
            metadata.getNamespace() + "/" + metadata.getName(),
            metadata.getUid(),
            name,
            desired.edition(),
            desired.environment(),
            resource.getSpec().connection(),
            desired.flyway(),
            work.scriptsDigest(),
            work.from(),
            work.target(),
            desired.limits().lockTimeout().toMillis(),
            desired.limits().statementTimeout().toMillis(),
            FENCE_TIMEOUT.toMillis(),
            desired.retry(),
            approvedBy(),
            desired.approval() == null ? null : desired.approval().digest());
    try {
      return JSON.writeValueAsString(order);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts and numbers is always JSON", e);
    }
  }

  private @Nullable String approvedBy() {
    var approval = desired.approval();
    return desired.gated() && approval != null ? approval.approvedBy() : null;
  }

  /** The ConfigMaps that hold the SQL, in order. */
  public static List<LocalReference> configMaps(TuneTrailDatabase resource, Desired desired) {
    var schema = resource.getSpec().schema();
    return switch (desired.method()) {
      case CREATE_ALL -> Objects.requireNonNull(schema.createAll()).configMaps();
      case FLYWAY -> Objects.requireNonNull(schema.flyway()).configMaps();
    };
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : map;
  }
}
