package io.tunetrail.operator.guard;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.database.Fence;
import io.tunetrail.operator.database.ProgramBackends;
import io.tunetrail.operator.database.WorkHistory;
import io.tunetrail.operator.migration.Assignment;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.WorkLog;
import io.tunetrail.operator.migration.WorkResult;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/**
 * What a guard does that was started again while the program worked: with the first one the lock
 * went away, so the work ends here.
 */
record Aftermath(Assignment assignment, SharedFolder shared, WorkLog log) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  WorkResult end() throws IOException {
    shared.stop();
    if (assignment.connection() instanceof Resolution.Resolved resolved) {
      log.redact(resolved.settings().redaction());
      end(resolved.settings());
    }
    return WorkResult.failed(
        Outcome.LOCK_LOST,
        "the guard was started again while the program worked, so the database's lock was free for"
            + " a moment");
  }

  /** Closes the row too, where nobody else has the lock; who has it does so anyway. */
  private void end(ConnectionSettings settings) {
    var job = assignment.order().job();
    try {
      ProgramBackends.endAll(settings, job);
      if (Fence.acquire(settings, "tunetrail/" + job, PATIENCE, false)
          instanceof Fence.Attempt.Held held) {
        try (var fence = held.fence()) {
          new WorkHistory(fence, null).open(settings);
        }
      }
    } catch (SQLException e) {
      log.line("the program's work can't be brought to an end: " + e.getMessage());
    }
  }
}
