package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a platform adds to the pods of Jobs: scheduling, resources, volumes, the user that they run
 * as, metadata. The operator's own labels win; of the security context each field given here wins.
 *
 * @param labels of Jobs and pods
 * @param annotations of Jobs and pods
 * @param env variables of the containers that work
 * @param volumes of the pods
 * @param volumeMounts of the containers that work
 * @param securityContext of the pods; each field given here wins over the restricted one
 * @param resources of the container that works
 * @param nodeSelector labels that a node must have
 * @param tolerations of taints of nodes
 * @param serviceAccountName of the pods, for a cloud's identity or pull secrets; no token of it is
 *     mounted; null: default
 * @param imagePullSecrets for images that need credentials
 * @param priorityClassName of the pods
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record JobTemplateSpec(
    @Nullable Map<String, String> labels,
    @Nullable Map<String, String> annotations,
    @Nullable @Size(max = 100) List<EnvVar> env,
    @Nullable @Size(max = 20) List<PodVolume> volumes,
    @Nullable @Size(max = 50) List<VolumeMount> volumeMounts,
    @Nullable PodSecurityContext securityContext,
    @Nullable ResourceRequirements resources,
    @Nullable Map<String, String> nodeSelector,
    @Nullable @Size(max = 50) List<Toleration> tolerations,
    @Nullable @Size(max = 253) String serviceAccountName,
    @Nullable @Size(max = 20) List<LocalReference> imagePullSecrets,
    @Nullable @Size(max = 253) String priorityClassName) {

  /** Adds nothing. */
  public static final JobTemplateSpec NONE =
      new JobTemplateSpec(null, null, null, null, null, null, null, null, null, null, null, null);
}
