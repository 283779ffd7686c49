package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Somebody's session in a database. */
record ForeignSession(int pid, String role, @Nullable String applicationName) {
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private static final String OF_DATABASE =
      """
      SELECT a.pid, a.usename, NULLIF(a.application_name, '') FROM pg_catalog.pg_stat_activity a
      WHERE a.datid = ? AND a.usename IS NOT NULL AND a.pid <> pg_catalog.pg_backend_pid()
      ORDER BY a.pid
      """;

  static List<ForeignSession> in(Connection connection, long database) throws SQLException {
    try (var query = connection.prepareStatement(OF_DATABASE)) {
      query.setLong(1, database);
      return Rows.all(
          query, row -> new ForeignSession(row.getInt(1), row.getString(2), row.getString(3)));
    }
  }

  /** False where this role may not. */
  boolean end(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement("SELECT pg_catalog.pg_terminate_backend(?)")) {
      query.setInt(1, pid);
      query.execute();
      return true;
    } catch (SQLException e) {
      if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  String words() {
    return "process %d of %s%s"
        .formatted(pid, role, applicationName == null ? "" : " (" + applicationName + ")");
  }
}
