package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/** The server process behind a connection. */
final class Backend {
  private Backend() {}

  static int pid(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement("SELECT pg_catalog.pg_backend_pid()")) {
      return Rows.single(query, row -> row.getInt(1));
    }
  }

  /**
   * Whether the process that answers is the one that was named at the login: a proxy that pools has
   * no process yet then, and names one that it makes up.
   */
  static boolean isTheLogins(Connection connection) throws SQLException {
    return pid(connection) == connection.unwrap(PGConnection.class).getBackendPID();
  }

  /**
   * Whether two open connections answer from one backend, as behind a proxy that pools by
   * transaction.
   */
  static boolean isShared(Connection one, Connection other) throws SQLException {
    int first = pid(one);
    int second = pid(other);
    return first == second || pid(one) != first || pid(other) != second;
  }
}
