package io.tunetrail.operator.migration;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.tunetrail.operator.api.ConnectionSpec;
import io.tunetrail.operator.api.Edition;
import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.engine.FlywaySettings;
import org.jspecify.annotations.Nullable;

/**
 * What a Job is to do, as JSON in the environment of its container; it holds no secret.
 *
 * @param resource namespace/name
 * @param flyway null for create-all
 * @param inputsDigest {@link io.tunetrail.operator.engine.ScriptSet#digest} of what must be found
 *     mounted
 * @param from the version the database had when this was planned; null before the first
 * @param target the version to reach; null for create-all
 * @param lockTimeoutMillis 0: none
 * @param statementTimeoutMillis 0: none
 * @param fenceTimeoutMillis longest wait for whoever works on the database
 * @param retry the migration.retry token it was planned with
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkOrder(
    String resource,
    String resourceUid,
    String job,
    Edition edition,
    Environment environment,
    ConnectionSpec connection,
    @Nullable FlywaySettings flyway,
    String inputsDigest,
    @Nullable String from,
    @Nullable String target,
    long lockTimeoutMillis,
    long statementTimeoutMillis,
    long fenceTimeoutMillis,
    @Nullable String retry,
    @Nullable String approvedBy,
    @Nullable String approvalDigest) {

  /** The variable that holds the order's JSON. */
  public static final String VARIABLE = "TUNETRAIL_WORK";

  /**
   * The variable that names the folder of the pod's mounts: {@code secret/} with a file a key,
   * {@code ca/ca.crt} where connection.caRef is given, {@code sql/0/}, {@code sql/1/} … with the
   * files of each ConfigMap.
   */
  public static final String MOUNTS_VARIABLE = "TUNETRAIL_MOUNTS";

  /** The variable that names the file for the report: the pod's termination message. */
  public static final String REPORT_VARIABLE = "TUNETRAIL_REPORT";
}
