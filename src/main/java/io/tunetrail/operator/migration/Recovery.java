package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.Catalog;
import io.tunetrail.operator.database.Fence;
import io.tunetrail.operator.database.FlywayHistory.Reading;
import io.tunetrail.operator.database.HistoryRows;
import io.tunetrail.operator.database.SchemaTables;
import io.tunetrail.operator.database.ScriptEnd;
import io.tunetrail.operator.database.WorkHistory;
import io.tunetrail.operator.lifecycle.SchemaState.Flyway;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.lifecycle.SchemaState.State;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What an earlier work left behind in a script outside a transaction. Such a script never runs
 * again by itself: a new retry token says that a person has looked, a script with another content
 * that its author has.
 */
record Recovery(
    WorkOrder order, String table, Fence fence, WorkHistory history, SchemaTables tables) {

  /** Why nothing may run; empty when the way is clear. */
  Optional<WorkResult> check(Flyway schema, Reading reading) throws SQLException {
    var interrupted = interrupted(schema);
    return interrupted.isPresent() ? interrupted : failed(schema, reading);
  }

  private Optional<WorkResult> interrupted(Flyway schema) throws SQLException {
    var unended = history.unended();
    if (unended.isEmpty()) {
      return Optional.empty();
    }
    var script = unended.get();
    if (ScriptEnd.isRecorded(script.script(), schema)) {
      history.closeUnendedAsLost();
    } else if (Objects.equals(script.retry(), order.retry())) {
      return conflict(
          schema,
          "%s runs outside a transaction and was cut off in Job %s, so how far it got is not known"
              .formatted(script.script(), script.job()));
    } else {
      history.closeUnendedAsInterrupted();
    }
    return Optional.empty();
  }

  private Optional<WorkResult> failed(Flyway schema, Reading reading) throws SQLException {
    var failed = failedScripts(schema);
    if (failed.isEmpty()) {
      return Optional.empty();
    }
    var last = history.lastAttempt();
    boolean retried =
        last.isEmpty() ? order.retry() != null : !Objects.equals(last.get().retry(), order.retry());
    if (!retried && !reading.corrected().containsAll(failed)) {
      var job = last.map(attempt -> " in Job " + attempt.job()).orElse("");
      return conflict(
          schema,
          "%s runs outside a transaction and failed half-way%s"
              .formatted(String.join(", ", failed), job));
    }
    fence.ask(
        connection -> {
          HistoryRows.forgetFailures(connection, tables.historySchema(), table);
          return failed;
        });
    return Optional.empty();
  }

  private static List<String> failedScripts(Flyway schema) {
    return schema.migrations().stream()
        .filter(it -> it.state() == State.FAILED)
        .map(Migration::script)
        .toList();
  }

  private Optional<WorkResult> conflict(Flyway schema, String what) throws SQLException {
    return Optional.of(
        WorkResult.failedAt(
            schema.current(), Outcome.HISTORY_CONFLICT, what + invalidIndexes(fence)));
  }

  /**
   * A clause that names the indexes which a failed CREATE INDEX CONCURRENTLY left; empty where
   * there are none.
   */
  static String invalidIndexes(Fence fence) throws SQLException {
    var invalid = fence.ask(Catalog::invalidIndexes);
    return invalid.isEmpty() ? "" : "; invalid indexes: " + String.join(", ", invalid);
  }
}
