package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where backups go. */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "has(self.persistentVolumeClaim)",
    message = "backup.storage needs persistentVolumeClaim, the place of the backups")
public record BackupStorageSpec(@Nullable BackupClaimSpec persistentVolumeClaim) {}
