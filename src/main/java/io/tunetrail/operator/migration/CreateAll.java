package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.database.WorkHistory;
import io.tunetrail.operator.engine.ScriptFile;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * All files in one transaction: either everything that is missing is there afterwards, or nothing
 * of it.
 */
final class CreateAll implements Work {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  @Override
  public boolean simpleMode() {
    return true;
  }

  @Override
  public WorkResult run(Site site) throws SQLException {
    var history = new WorkHistory(site.fence(), null);
    history.open(site.settings());
    if (history.createAllDigest().equals(Optional.of(site.order().inputsDigest()))) {
      site.log().line("all of it is applied already");
      return new WorkResult(Outcome.DONE, null, null, 0, null);
    }
    try (var connection = openSession(site)) {
      long row = history.begin(HistoryEntry.of("create-all", site.order()));
      var result = apply(site, connection);
      if (!site.fence().isLost()) {
        history.finish(row, result.outcome().text(), null, List.of());
      }
      return result;
    }
  }

  private static Connection openSession(Site site) throws SQLException {
    var order = site.order();
    return site.fence().openWorking(order.lockTimeoutMillis(), order.statementTimeoutMillis());
  }

  private static WorkResult apply(Site site, Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    for (var file : site.scripts().files()) {
      site.log().line(file.name());
      var failure = execute(site, connection, file);
      if (failure.isPresent()) {
        return failure.get();
      }
    }
    try {
      connection.commit();
    } catch (SQLException e) {
      return failed(site, e, "at the end of the transaction");
    }
    return new WorkResult(Outcome.DONE, null, null, site.scripts().files().size(), null);
  }

  private static Optional<WorkResult> execute(Site site, Connection connection, ScriptFile file)
      throws SQLException {
    var sql = withoutMark(file.content());
    if (sql.isBlank()) {
      return Optional.empty();
    }
    try (var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      setLimits(statement, site.order());
      statement.execute(sql);
    } catch (SQLException e) {
      int line = ScriptPosition.line(e, sql);
      return Optional.of(failed(site, e, file.name() + (line == 0 ? "" : ", line " + line)));
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
  private static void setLimits(java.sql.Statement statement, WorkOrder order) throws SQLException {
    statement.execute(
        "SET LOCAL lock_timeout = %d; SET LOCAL statement_timeout = %d"
            .formatted(order.lockTimeoutMillis(), order.statementTimeoutMillis()));
  }

  private static WorkResult failed(Site site, SQLException e, String where) {
    var failure = SqlFailure.of(e, site.settings());
    var outcome =
        failure.lost() || site.fence().isLost()
            ? Outcome.CONNECTION_LOST
            : Outcomes.duringWork(failure.reason());
    return WorkResult.failed(outcome, where + ": " + failure.detail());
  }

  private static String withoutMark(String content) {
    return content.startsWith(BYTE_ORDER_MARK) ? content.substring(1) : content;
  }
}
