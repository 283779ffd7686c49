package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.database.WorkHistory;
import io.tunetrail.operator.engine.ScriptFile;
import io.tunetrail.operator.lifecycle.Task;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * All files in one transaction: either everything that they make is there afterwards, or nothing of
 * it.
 *
 * @param sqlFailed the outcome of SQL that is wrong
 */
record OneTransaction(Work.Site site, Task task, Outcome sqlFailed) {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** Runs them between the row of tunetrail.history that begins and the one that ends it. */
  WorkResult run(WorkHistory history) throws SQLException {
    var order = site.order();
    try (var connection =
        site.fence().openWorking(order.lockTimeoutMillis(), order.statementTimeoutMillis())) {
      long row = history.begin(HistoryEntry.of(task.toString(), order));
      var result = apply(connection);
      if (!site.fence().isLost()) {
        end(history, row, result.outcome());
      }
      return result;
    }
  }

  private void end(WorkHistory history, long row, Outcome outcome) throws SQLException {
    if (outcome == Outcome.DONE && task.changesSchema()) {
      history.done(row, null, List.of(), null).ifPresent(site.log()::unrecorded);
    } else {
      history.finish(row, outcome.text(), null, List.of());
    }
  }

  private WorkResult apply(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    for (var file : site.scripts().files()) {
      site.log().line(file.name());
      var failure = execute(connection, file);
      if (failure.isPresent()) {
        return failure.get();
      }
    }
    try {
      connection.commit();
    } catch (SQLException e) {
      return failed(e, "at the end of the transaction");
    }
    return new WorkResult(Outcome.DONE, null, null, site.scripts().files().size(), null);
  }

  private Optional<WorkResult> execute(Connection connection, ScriptFile file) throws SQLException {
    var sql = withoutMark(file.content());
    if (sql.isBlank()) {
      return Optional.empty();
    }
    try (var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      setLimits(statement);
      statement.execute(sql);
    } catch (SQLException e) {
      int line = ScriptPosition.line(e, sql);
      return Optional.of(failed(e, file.name() + (line == 0 ? "" : ", line " + line)));
    }
    return connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.OPEN
        ? Optional.empty()
        : Optional.of(
            WorkResult.failed(
                Outcome.INVALID_INPUT,
                file.name()
                    + " ends the transaction that all files share; take its COMMIT or ROLLBACK"
                    + " out"));
  }

  /** Anew for each file, because a file's own SET must not reach the next. */
  private void setLimits(Statement statement) throws SQLException {
    statement.execute(
        "SET LOCAL lock_timeout = %d; SET LOCAL statement_timeout = %d"
            .formatted(site.order().lockTimeoutMillis(), site.order().statementTimeoutMillis()));
  }

  private WorkResult failed(SQLException e, String where) {
    var failure = SqlFailure.of(e, site.settings());
    var outcome =
        failure.lost() || site.fence().isLost()
            ? Outcome.CONNECTION_LOST
            : Outcomes.duringWork(failure.reason());
    return WorkResult.failed(
        outcome == Outcome.SQL_FAILED ? sqlFailed : outcome, where + ": " + failure.detail());
  }

  private static String withoutMark(String content) {
    return content.startsWith(BYTE_ORDER_MARK) ? content.substring(1) : content;
  }
}
