package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The schemas in which a session finds unqualified names, in order. Where PostgreSQL's own don't
 * come first, others' functions and operators may stand in for those that our questions mean.
 */
final class SearchPath {
  static final String OUR_SCHEMA = "tunetrail";

  private SearchPath() {}

  /** Asks with only PostgreSQL's own names in sight; afterwards the path is as before. */
  static <T> T trusted(Connection connection, Fence.Question<T> question) throws SQLException {
    var setting = setting(connection);
    harden(connection);
    var answer = question.ask(connection);
    restore(connection, setting);
    return answer;
  }

  /** From now on only PostgreSQL's own names are in sight. */
  static void harden(Connection connection) throws SQLException {
    restore(connection, "pg_catalog, pg_temp");
  }

  /**
   * For a role that is called tunetrail our schema is "$user", and its tables would go there; this
   * takes it out.
   */
  static void leaveOut(Connection connection) throws SQLException {
    var schemas = existing(connection);
    if (schemas.contains(OUR_SCHEMA)) {
      set(connection, schemas.stream().filter(it -> !it.equals(OUR_SCHEMA)).toList());
    }
  }

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
