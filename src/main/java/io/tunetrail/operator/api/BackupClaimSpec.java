package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * A volume for backups; each resource has a folder of its name in it.
 *
 * @param claimName of a PersistentVolumeClaim of the resource's namespace
 * @param path the folder of those folders; null: the volume's root
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record BackupClaimSpec(
    @Required @Size(min = 1, max = 253) String claimName,
    @Nullable
        @Pattern("^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$")
        @Size(min = 1, max = 200)
        String path) {}
