package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * A bucket for backups, of S3 or of what speaks as S3 does; each resource has the keys that begin
 * with its namespace and its name.
 *
 * @param bucket its name
 * @param region of the bucket
 * @param prefix what comes before these; clusters that share a bucket need one each
 * @param endpoint scheme, host and port; null: that of the region at AWS
 * @param pathStyle whether the bucket is named in the path and not in the host; null: where an
 *     endpoint is given
 * @param caRef the certificates that sign the endpoint's; without it the system's trust
 * @param credentialsSecretRef a Secret with accessKeyId and secretAccessKey, and sessionToken where
 *     there is one, or AWS_ACCESS_KEY_ID and so on; without it the identity of the pod's own
 *     service account
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "!has(self.caRef) || has(self.caRef.configMap) != has(self.caRef.secret)",
    message = "backup.storage.s3.caRef names exactly one of configMap and secret")
public record BackupS3Spec(
    @Required @Pattern("^[a-z0-9][a-z0-9.-]+[a-z0-9]$") @Size(min = 3, max = 63) String bucket,
    @Nullable
        @Pattern("^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$")
        @Size(min = 1, max = 200)
        String prefix,
    @Nullable @Default("us-east-1") @Pattern("^[a-z0-9-]+$") @Size(min = 1, max = 63) String region,
    @Nullable @Pattern("^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?$") @Size(min = 8, max = 253)
        String endpoint,
    @Nullable Boolean pathStyle,
    @Nullable CertificateAuthorityReference caRef,
    @Nullable LocalReference credentialsSecretRef) {}
