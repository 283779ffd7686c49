package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where backups go. */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "has(self.persistentVolumeClaim) != has(self.s3)",
    message = "backup.storage has exactly one of persistentVolumeClaim and s3")
public record BackupStorageSpec(
    @Nullable BackupClaimSpec persistentVolumeClaim, @Nullable BackupS3Spec s3) {}
