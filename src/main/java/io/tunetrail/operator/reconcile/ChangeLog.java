package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.status.Conditions;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line of the log for each change, with fields by which collected logs are searched: namespace,
 * name and generation of the resource, and the Job.
 */
final class ChangeLog {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeLog.class);

  private ChangeLog() {}

  /** A line about a resource. */
  static LoggingEventBuilder of(Logger log, HasMetadata resource) {
    var metadata = resource.getMetadata();
    return log.atInfo()
        .addKeyValue("namespace", metadata.getNamespace())
        .addKeyValue("name", metadata.getName())
        .addKeyValue("generation", metadata.getGeneration());
  }

  /** A line about a Job of a resource. */
  static void job(Logger log, String what, Job job) {
    var metadata = job.getMetadata();
    var annotations =
        Objects.requireNonNullElse(metadata.getAnnotations(), Map.<String, String>of());
    var line = log.atInfo().addKeyValue("namespace", metadata.getNamespace());
    line = add(line, "name", annotations.get(JobLabels.RESOURCE_NAME));
    line = add(line, "restore", annotations.get(JobLabels.RESTORE));
    var generation = annotations.get(JobLabels.GENERATION);
    line = add(line, "generation", generation == null ? null : Long.valueOf(generation));
    line.addKeyValue("job", metadata.getName()).log("{} Job {}", what, metadata.getName());
  }

  /** What a database is like when this process sees it first. */
  static void firstSeen(TuneTrailDatabase resource, TuneTrailDatabaseStatus status) {
    var line = of(LOG, resource);
    line = add(line, "edition", status.edition());
    line = add(line, "environment", status.environment());
    line = add(line, "method", status.initializationMethod());
    line = add(line, "version", status.migrationVersion());
    line = add(line, "tables", status.tableCount());
    var ready = Conditions.find(status.conditions(), Conditions.READY).orElse(null);
    line = add(line, "reason", ready == null ? null : ready.reason());
    line.log("seen for the first time since the start");
  }

  /** The line with a field, where there is a value for it. */
  static LoggingEventBuilder add(LoggingEventBuilder line, String field, @Nullable Object value) {
    return value == null ? line : line.addKeyValue(field, value);
  }
}
