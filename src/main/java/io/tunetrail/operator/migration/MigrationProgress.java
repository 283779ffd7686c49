package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.WorkHistory;
import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.jspecify.annotations.Nullable;

/**
 * Sets the limits of each migration as it begins, and notes those that run outside a transaction.
 */
final class MigrationProgress implements Callback {
  private final WorkOrder order;
  private final WorkHistory history;
  private final long row;
  private final WorkLog log;
  private @Nullable String outsideTransaction;

  MigrationProgress(WorkOrder order, WorkHistory history, long row, WorkLog log) {
    this.order = order;
    this.history = history;
    this.row = row;
    this.log = log;
  }

  /**
   * The script that runs, or ran last, outside a transaction; null when the last one ran inside.
   */
  @Nullable String outsideTransaction() {
    return outsideTransaction;
  }

  @Override
  public boolean supports(Event event, Context context) {
    return event == Event.BEFORE_EACH_MIGRATE;
  }

  @Override
  public boolean canHandleInTransaction(Event event, Context context) {
    return true;
  }

  @Override
  public void handle(Event event, Context context) {
    try {
      begin(context.getMigrationInfo().getScript(), context.getConnection());
    } catch (SQLException e) {
      throw new NotStarted(e);
    }
  }

  /** A script is about to run on this session. */
  void begin(String script, Connection connection) throws SQLException {
    boolean transactional = !connection.getAutoCommit();
    log.line(script + (transactional ? "" : ", outside a transaction"));
    note(transactional ? null : script);
    setLimits(connection, transactional);
  }

  /** The script that ran last ended well, and tunetrail.history says so. */
  void ended() {
    outsideTransaction = null;
  }

  @Override
  public String getCallbackName() {
    return "limits";
  }

  /** Before the script begins, so that a pod that dies leaves word of it. */
  private void note(@Nullable String script) throws SQLException {
    if (script != null || outsideTransaction != null) {
      history.running(row, script);
    }
    outsideTransaction = script;
  }

  /** A time-out would leave half of a script that is outside a transaction; it may set its own. */
  private void setLimits(Connection connection, boolean transactional) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("SET lock_timeout = " + (transactional ? order.lockTimeoutMillis() : 0));
      statement.execute(
          "SET statement_timeout = " + (transactional ? order.statementTimeoutMillis() : 0));
      statement.execute("SET client_connection_check_interval = '2s'");
    }
  }

  /** A migration could not be begun. */
  static final class NotStarted extends RuntimeException {
    NotStarted(SQLException cause) {
      super(cause);
    }
  }
}
