package io.tunetrail.operator.backup;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a bucket, as a pod is told them.
 *
 * @param prefix what all keys begin with, with its slash
 * @param endpoint null: the region's own at AWS
 * @param authority the file with the certificates that may sign the endpoint's; null: the system's
 *     trust
 * @param credentials null: the pod's own identity
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record S3Order(
    String bucket,
    String prefix,
    String region,
    @Nullable String endpoint,
    boolean pathStyle,
    @Nullable String authority,
    @Nullable Credentials credentials) {

  /**
   * A Secret, mounted.
   *
   * @param secret its name
   * @param folder with a file for each of its keys
   */
  public record Credentials(String secret, String folder) {}

  String location() {
    return "s3://" + bucket + "/" + prefix;
  }
}
