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

/** A volume as a pod has it, of the kinds that the restricted Pod Security level admits. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record PodVolume(
    @Required @Size(max = 63) String name,
    @Nullable ConfigMapVolumeSource configMap,
    @Nullable SecretVolumeSource secret,
    @Nullable ProjectedVolumeSource projected,
    @Nullable PersistentVolumeClaimVolumeSource persistentVolumeClaim,
    @Nullable EmptyDirVolumeSource emptyDir,
    @Nullable CSIVolumeSource csi) {}
