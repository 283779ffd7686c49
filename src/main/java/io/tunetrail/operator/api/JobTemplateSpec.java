package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a platform adds to the pods of Jobs: scheduling, resources, metadata. The operator's own
 * labels win.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record JobTemplateSpec(
    @Nullable Map<String, String> labels,
    @Nullable Map<String, String> annotations,
    @Nullable @Size(max = 100) List<EnvVar> env,
    @Nullable ResourceRequirements resources,
    @Nullable Map<String, String> nodeSelector,
    @Nullable @Size(max = 50) List<Toleration> tolerations,
    @Nullable @Size(max = 253) String serviceAccountName,
    @Nullable @Size(max = 20) List<LocalReference> imagePullSecrets,
    @Nullable @Size(max = 253) String priorityClassName) {}
