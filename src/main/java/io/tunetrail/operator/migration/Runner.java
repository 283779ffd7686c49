package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.database.Fence;
import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.engine.ScriptSet;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One Job's straight line: order, mounts, fence, work, report. */
final class Runner {
  private final Work work;
  private final Map<String, String> environment;
  private final InstantSource clock;
  private final WorkLog log;

  Runner(Work work, Map<String, String> environment, InstantSource clock, PrintStream out) {
    this.work = work;
    this.environment = environment;
    this.clock = clock;
    log = new WorkLog(out);
  }

  /** Works, reports and answers the exit code. */
  int run() {
    var started = clock.instant().toString();
    var result = guarded();
    var message = result.message() == null ? null : log.redacted(result.message());
    var report =
        new Report(
            result.outcome(),
            result.from(),
            result.to(),
            result.applied(),
            message,
            started,
            clock.instant().toString());
    write(report);
    log.line(lastLine(report));
    return result.outcome().exitCode();
  }

  private WorkResult guarded() {
    try {
      return prepared();
    } catch (IOException e) {
      return WorkResult.failed(
          Outcome.INTERNAL_ERROR, "the mounts can't be read: " + e.getMessage());
    } catch (RuntimeException e) {
      return WorkResult.failed(
          Outcome.INTERNAL_ERROR, "%s: %s".formatted(e.getClass().getSimpleName(), e.getMessage()));
    }
  }

  private WorkResult prepared() throws IOException {
    var text = environment.get(WorkOrder.VARIABLE);
    var folder = environment.get(WorkOrder.MOUNTS_VARIABLE);
    if (text == null || folder == null) {
      return WorkResult.failed(
          Outcome.INVALID_INPUT,
          "%s and %s must be set; this role is started by the operator"
              .formatted(WorkOrder.VARIABLE, WorkOrder.MOUNTS_VARIABLE));
    }
    WorkOrder order;
    try {
      order = WorkOrderReader.read(text);
    } catch (IllegalArgumentException e) {
      return WorkResult.failed(Outcome.INVALID_INPUT, WorkOrder.VARIABLE + " is " + e.getMessage());
    }
    return ordered(order, new Mounts(Path.of(folder)));
  }

  private WorkResult ordered(WorkOrder order, Mounts mounts) throws IOException {
    var scripts = mounts.scripts();
    var namespace = order.resource().substring(0, Math.max(0, order.resource().indexOf('/')));
    var resolution =
        ConnectionSettings.resolve(
            order.connection(), order.environment(), namespace, mounts.secret(), mounts.caPem());
    return switch (resolution) {
      case Resolution.Refused refused -> WorkResult.failed(Outcome.INVALID_INPUT, refused.detail());
      case Resolution.Resolved resolved -> connected(order, scripts, resolved.settings());
    };
  }

  private WorkResult connected(WorkOrder order, ScriptSet scripts, ConnectionSettings settings) {
    log.redact(Redaction.ofPassword(settings.password().value()));
    if (!scripts.digest().equals(order.inputsDigest())) {
      return WorkResult.failed(
          Outcome.INPUTS_CHANGED,
          "the mounted SQL is %s, this Job is for %s"
              .formatted(scripts.digest(), order.inputsDigest()));
    }
    try {
      return fenced(order, scripts, settings);
    } catch (SQLException e) {
      var failure = SqlFailure.of(e, settings);
      return WorkResult.failed(Outcomes.beforeWork(failure.reason()), failure.detail());
    }
  }

  private WorkResult fenced(WorkOrder order, ScriptSet scripts, ConnectionSettings settings)
      throws SQLException {
    log.line("%s for %s: waiting for the database's lock".formatted(order.job(), order.resource()));
    var attempt =
        Fence.acquire(
            settings,
            "tunetrail/" + order.job(),
            Duration.ofMillis(order.fenceTimeoutMillis()),
            work.simpleMode());
    return switch (attempt) {
      case Fence.Attempt.Refused refused ->
          WorkResult.failed(Outcomes.duringWork(refused.reason()), refused.detail());
      case Fence.Attempt.Held held -> {
        try (var fence = held.fence()) {
          yield work.run(new Work.Site(order, settings, scripts, fence, log));
        }
      }
    };
  }

  private void write(Report report) {
    var file = environment.get(WorkOrder.REPORT_VARIABLE);
    if (file == null) {
      return;
    }
    try {
      Files.writeString(Path.of(file), report.toJson());
    } catch (IOException e) {
      log.line("the report can't be written to %s: %s".formatted(file, e.getMessage()));
    }
  }

  private static String lastLine(Report report) {
    return "%s (exit code %d): from %s to %s, %d applied%s"
        .formatted(
            report.outcome().text(),
            report.outcome().exitCode(),
            or(report.from(), "none"),
            or(report.to(), "none"),
            report.applied(),
            report.message() == null ? "" : ": " + report.message());
  }

  private static String or(@Nullable String text, String otherwise) {
    return Objects.requireNonNullElse(text, otherwise);
  }
}
