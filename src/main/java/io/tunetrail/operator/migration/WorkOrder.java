package io.tunetrail.operator.migration;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.tunetrail.operator.api.ConnectionSpec;
import io.tunetrail.operator.api.Edition;
import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.HistoryTable;
import io.tunetrail.operator.engine.ProgramSettings;
import io.tunetrail.operator.lifecycle.Task;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a Job is to do, as JSON in the environment of its container; it holds no secret.
 *
 * @param resource namespace/name
 * @param task what to do
 * @param flyway null for other engines
 * @param alembic null for other engines
 * @param program the application's own command for create-all and seed; null where SQL is mounted
 * @param scratch where databases may be made; null: on the database's own server
 * @param inputsDigest of what must be found: {@link io.tunetrail.operator.engine.ScriptSet#digest}
 *     of what is mounted, or {@link io.tunetrail.operator.engine.RevisionGraph#scripts} of the
 *     image
 * @param from the version the database had when this was planned; null before the first
 * @param target the version to reach; null for create-all
 * @param lockTimeoutMillis 0: none
 * @param statementTimeoutMillis 0: none
 * @param fenceTimeoutMillis longest wait for whoever works on the database
 * @param retry the migration.retry token it was planned with
 * @param argument what a person gave with the task: the message of generate, the models' metadata
 *     for setup, the {@link Examination} for examine
 * @param otherHistories for a look: those of engines that the spec names and the edition does not
 *     take; null for what works
 * @param planned for a plan: what it is of; null for other tasks
 * @param ignoredDrift for a look: patterns of objects whose differences are nobody's concern; null
 *     for what works
 * @param requestedBy who asked for it, for tunetrail.history
 * @param database identity of the one that it was decided for; null where none was looked at
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkOrder(
    String resource,
    String resourceUid,
    String job,
    Task task,
    Edition edition,
    Environment environment,
    ConnectionSpec connection,
    @Nullable FlywaySettings flyway,
    @Nullable AlembicSettings alembic,
    @Nullable ProgramSettings program,
    @Nullable ConnectionSpec scratch,
    String inputsDigest,
    @Nullable String from,
    @Nullable String target,
    long lockTimeoutMillis,
    long statementTimeoutMillis,
    long fenceTimeoutMillis,
    @Nullable String retry,
    @Nullable String approvedBy,
    @Nullable String approvalDigest,
    @Nullable String argument,
    @Nullable List<HistoryTable> otherHistories,
    @Nullable Task planned,
    @Nullable List<String> ignoredDrift,
    @Nullable String requestedBy,
    @Nullable String database) {

  /** The variable that holds the order's JSON. */
  public static final String VARIABLE = "TUNETRAIL_WORK";

  /**
   * The variable that names the folder of the pod's mounts: {@code secret/} with a file a key,
   * {@code ca/ca.crt} where connection.caRef is given, {@code scratch-secret/} and {@code
   * scratch-ca/} likewise, {@code sql/0/}, {@code sql/1/} … with the files of each ConfigMap or
   * {@code image/} with those of an image, {@code revisions/graph.json} for Alembic, {@code
   * scripts/listing.json} for a look at what an image's scripts make.
   */
  public static final String MOUNTS_VARIABLE = "TUNETRAIL_MOUNTS";

  /**
   * The variable that names the folder of the scripts in {@code image/}, where that is a whole
   * image; not set where it is the folder itself.
   */
  public static final String SCRIPTS_VARIABLE = "TUNETRAIL_SCRIPTS";

  /** The variable that names the file for the report: the pod's termination message. */
  public static final String REPORT_VARIABLE = "TUNETRAIL_REPORT";
}
