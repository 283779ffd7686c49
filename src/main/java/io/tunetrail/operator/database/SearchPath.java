package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The schemas in which a session finds unqualified names, in order. */
final class SearchPath {
  private SearchPath() {}

  /** Those that exist; the session's own setting may name others. */
  static List<String> existing(Connection connection) throws SQLException {
    var sql =
        """
        SELECT s.name FROM pg_catalog.unnest(pg_catalog.current_schemas(false))
          WITH ORDINALITY s(name, position) ORDER BY s.position
        """;
    try (var query = connection.prepareStatement(sql)) {
      return Rows.all(query, row -> row.getString(1));
    }
  }

  static void set(Connection connection, List<String> schemas) throws SQLException {
    restore(connection, String.join(", ", schemas.stream().map(Identifier::quoted).toList()));
  }

  /** The setting as it stands, for {@link #restore}. */
  static String setting(Connection connection) throws SQLException {
    try (var query =
        connection.prepareStatement("SELECT pg_catalog.current_setting('search_path')")) {
      return Rows.single(query, row -> row.getString(1));
    }
  }

  static void restore(Connection connection, String setting) throws SQLException {
    try (var query =
        connection.prepareStatement("SELECT pg_catalog.set_config('search_path', ?, false)")) {
      query.setString(1, setting);
      query.execute();
    }
  }
}
