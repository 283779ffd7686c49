package io.tunetrail.operator.database;

import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.lifecycle.DatabaseFacts.Activity;
import io.tunetrail.operator.lifecycle.DatabaseFacts.MonitoringLogin;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * What goes on in a database, as the login for monitoring may know; what is wrong with that login
 * is part of the answer and stops nothing.
 */
record MonitoringLook(String application, Duration timeout) {

  Activity take(Resolution login) {
    return switch (login) {
      case Resolution.Refused refused -> unknown(refused.detail());
      case Resolution.Resolved resolved -> asked(resolved.settings());
    };
  }

  private Activity asked(ConnectionSettings settings) {
    try (var sessions = new LookSessions(settings, application, timeout)) {
      try (var connection = sessions.open()) {
        return read(connection, sessions);
      } catch (SQLException e) {
        return unknown(
            sessions.isOver()
                ? "no answer within %s s".formatted(timeout.toMillis() / 1000.0)
                : SqlFailure.of(e, settings).detail());
      } catch (RuntimeException e) {
        throw settings.redaction().apply(e);
      }
    }
  }

  /** In one transaction that can't write, for the same reasons as the look itself. */
  private static Activity read(Connection connection, LookSessions sessions) throws SQLException {
    connection.setReadOnly(true);
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute("SET LOCAL statement_timeout = " + sessions.remaining().toMillis());
      statement.execute("SET LOCAL search_path = pg_catalog, pg_temp");
    }
    var found = ActivityLook.take(connection);
    return new Activity(
        found.connections(),
        found.slowStatements(),
        found.replication(),
        new MonitoringLogin(null));
  }

  private static Activity unknown(String obstacle) {
    var unknown = Activity.UNKNOWN;
    return new Activity(
        unknown.connections(),
        unknown.slowStatements(),
        unknown.replication(),
        new MonitoringLogin(obstacle));
  }
}
