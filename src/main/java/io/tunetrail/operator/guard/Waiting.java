package io.tunetrail.operator.guard;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.database.Fence;
import io.tunetrail.operator.database.Orphans;
import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.migration.Assignment;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Outcomes;
import io.tunetrail.operator.migration.WorkLog;
import io.tunetrail.operator.migration.WorkResult;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Waiting for the right to work, for as long as it takes: a guard that ended would be started
 * again, over and over.
 */
final class Waiting {
  private static final Duration ONE_ATTEMPT = Duration.ofMinutes(10);
  private static final long FIRST_PAUSE = 250;
  private static final long LONGEST_PAUSE = 5000;

  /** What goes away without anybody changing the spec, and would only start another Job. */
  private static final Set<Reason> PASSING =
      EnumSet.of(
          Reason.DATABASE_UNREACHABLE,
          Reason.CONNECTION_LOST,
          Reason.TOO_MANY_CONNECTIONS,
          Reason.AUTHENTICATION_FAILED,
          Reason.TLS_FAILED,
          Reason.DATABASE_MISSING,
          Reason.LOCK_NOT_OBTAINED);

  private final Assignment assignment;
  private final WorkLog log;
  private String said = "";

  Waiting(Assignment assignment, WorkLog log) {
    this.assignment = assignment;
    this.log = log;
  }

  /** How waiting ended. */
  sealed interface End {

    /** The caller works, and closes the fence afterwards. */
    record Held(Fence fence, ConnectionSettings settings) implements End {}

    /** Nobody may work here. */
    record Never(WorkResult result) implements End {}
  }

  /** Answers when the fence is held and no earlier program works any more, or never will be. */
  End end() throws IOException {
    var order = assignment.order();
    log.line("%s for %s: waiting for the database's lock".formatted(order.job(), order.resource()));
    long pause = FIRST_PAUSE;
    while (true) {
      var end = attempt();
      if (end.isPresent()) {
        return end.get();
      }
      pause(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  /** The Secret is read anew each time, because its password may have been rotated. */
  private Optional<End> attempt() throws IOException {
    return switch (assignment.connection()) {
      case Resolution.Refused refused ->
          Optional.of(new End.Never(WorkResult.failed(Outcome.INVALID_INPUT, refused.detail())));
      case Resolution.Resolved resolved -> attempt(resolved.settings());
    };
  }

  private Optional<End> attempt(ConnectionSettings settings) {
    log.redact(settings.redaction());
    try {
      var name = "tunetrail/" + assignment.order().job();
      return switch (Fence.acquire(settings, name, ONE_ATTEMPT, false)) {
        case Fence.Attempt.Held held -> Optional.of(alone(held.fence(), settings));
        case Fence.Attempt.Refused refused -> refused(refused.reason(), refused.detail());
      };
    } catch (SQLException e) {
      var failure = SqlFailure.of(e, settings);
      return refused(failure.reason(), failure.detail());
    }
  }

  /** Waits until no program of an earlier work does anything any more. */
  private End alone(Fence fence, ConnectionSettings settings) throws SQLException {
    fence.dismissSpare();
    try {
      var orphan = Orphans.first(fence, settings);
      while (orphan.isPresent()) {
        say(orphan.get());
        pause(FIRST_PAUSE);
        orphan = Orphans.first(fence, settings);
      }
      return new End.Held(fence, settings);
    } catch (SQLException | RuntimeException e) {
      fence.close();
      throw e;
    }
  }

  private Optional<End> refused(Reason reason, String detail) {
    if (PASSING.contains(reason)) {
      say(detail);
      return Optional.empty();
    }
    return Optional.of(new End.Never(WorkResult.failed(Outcomes.beforeWork(reason), detail)));
  }

  private void say(String what) {
    if (!what.equals(said)) {
      said = what;
      log.line("waiting: " + what);
    }
  }

  private static void pause(long millis) {
    if (!Fence.pause(millis)) {
      throw new IllegalStateException("interrupted while waiting");
    }
  }
}
