package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.CSIVolumeSource;
import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimVolumeSource;
import io.fabric8.kubernetes.api.model.ProjectedVolumeSource;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import org.jspecify.annotations.Nullable;

/**
 * A volume as a pod has it, of the kinds that the restricted Pod Security level admits.
 *
 * @param name by which volumeMounts mean it
 * @param configMap its source, a ConfigMap
 * @param secret its source, a Secret
 * @param projected its source, several in one
 * @param persistentVolumeClaim its source, a claim
 * @param emptyDir its source, an empty folder
 * @param csi its source, a driver of the Container Storage Interface
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record PodVolume(
    @Required @Size(max = 63) String name,
    @Nullable ConfigMapVolumeSource configMap,
    @Nullable SecretVolumeSource secret,
    @Nullable ProjectedVolumeSource projected,
    @Nullable PersistentVolumeClaimVolumeSource persistentVolumeClaim,
    @Nullable EmptyDirVolumeSource emptyDir,
    @Nullable CSIVolumeSource csi) {}
