package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.database.Fence;
import io.tunetrail.operator.database.InvalidScripts;
import io.tunetrail.operator.database.Orphans;
import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.engine.ScriptSet;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One Job's straight line: order, mounts, fence, work, report. */
final class Runner {
  private static final long ORPHAN_PAUSE = 200;

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
    return new Reporting(environment, clock, log).of(this::guarded);
  }

  private WorkResult guarded() {
    try {
      return prepared();
    } catch (InvalidScripts e) {
      return WorkResult.failed(Outcome.INVALID_INPUT, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return WorkResult.failed(
          Outcome.INTERNAL_ERROR, "the mounts can't be read: " + e.getMessage());
    }
  }

  private WorkResult prepared() throws IOException, InvalidScripts {
    return switch (Assignment.read(environment)) {
      case Assignment.Reading.Refused refused -> refused.result();
      case Assignment.Reading.Read read -> assigned(read.assignment());
    };
  }

  private WorkResult assigned(Assignment assignment) throws IOException, InvalidScripts {
    return switch (assignment.connection()) {
      case Resolution.Refused refused -> WorkResult.failed(Outcome.INVALID_INPUT, refused.detail());
      case Resolution.Resolved resolved -> beside(assignment, resolved.settings());
    };
  }

  /** Resolves the scratch server, where the order names one. */
  private WorkResult beside(Assignment assignment, ConnectionSettings settings)
      throws IOException, InvalidScripts {
    log.redact(settings.redaction());
    var order = assignment.order();
    var scripts = assignment.mounts().scripts(order.flyway());
    return switch (assignment.scratch()) {
      case null -> connected(order, scripts, settings, null);
      case Resolution.Refused refused ->
          WorkResult.failed(Outcome.SCRATCH_UNAVAILABLE, "spec.scratch: " + refused.detail());
      case Resolution.Resolved resolved -> {
        log.redact(resolved.settings().redaction());
        yield connected(order, scripts, settings, resolved.settings());
      }
    };
  }

  private WorkResult connected(
      WorkOrder order,
      ScriptSet scripts,
      ConnectionSettings settings,
      @Nullable ConnectionSettings scratch) {
    if (!scripts.digest().equals(order.inputsDigest())) {
      return WorkResult.otherInputs(scripts.digest(), order.inputsDigest());
    }
    try {
      return fenced(order, scripts, settings, scratch);
    } catch (SQLException e) {
      var failure = SqlFailure.of(e, settings);
      return WorkResult.failed(Outcomes.beforeWork(failure.reason()), failure.detail());
    }
  }

  private WorkResult fenced(
      WorkOrder order,
      ScriptSet scripts,
      ConnectionSettings settings,
      @Nullable ConnectionSettings scratch)
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
          var orphan = orphan(fence, settings, Duration.ofMillis(order.fenceTimeoutMillis()));
          if (orphan.isPresent()) {
            yield WorkResult.failed(Outcome.LOCK_NOT_OBTAINED, orphan.get());
          }
          var elsewhere = fence.ask(it -> PlannedDatabase.objection(order, it));
          yield elsewhere.isPresent()
              ? elsewhere.get()
              : work.run(new Work.Site(order, settings, scratch, scripts, fence, log));
        }
      }
    };
  }

  /** What the program of an earlier work still does after that time; empty when nothing. */
  private static Optional<String> orphan(
      Fence fence, ConnectionSettings settings, Duration patience) throws SQLException {
    long deadline = System.nanoTime() + patience.toNanos();
    var orphan = Orphans.first(fence, settings);
    while (orphan.isPresent() && System.nanoTime() < deadline && Fence.pause(ORPHAN_PAUSE)) {
      orphan = Orphans.first(fence, settings);
    }
    return orphan;
  }
}
