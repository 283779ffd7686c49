package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * A volume that comes and goes with a pod, as Kubernetes calls it a generic ephemeral volume.
 *
 * @param storage its size, as a claim asks for it, as in 100Gi: an archive must find room
 * @param storageClassName null: the cluster's default
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record BackupWorkspaceSpec(
    @Required @Pattern("^[1-9][0-9]*([.][0-9]+)?([kMGTPE]|[KMGTPE]i)?$") @Size(min = 1, max = 32)
        String storage,
    @Nullable @Size(min = 1, max = 253) String storageClassName) {}
