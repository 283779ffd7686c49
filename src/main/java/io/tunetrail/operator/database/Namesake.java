package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A role that is called tunetrail has our schema for its own {@code "$user"} schema, so that its
 * tables would go there. Its search path in this database gets along without that.
 */
final class Namesake {
  private static final String IS_NAMESAKE =
      """
      SELECT session_user = 'tunetrail' AND current_user = 'tunetrail' AND EXISTS (
        SELECT FROM pg_catalog.pg_settings s WHERE s.name = 'search_path' AND s.reset_val LIKE '%"$user"%')
      """;

  private static final String MENDING =
      """
      SELECT pg_catalog.format('ALTER ROLE tunetrail IN DATABASE %I SET search_path = %s',
        pg_catalog.current_database(),
        COALESCE(NULLIF(pg_catalog.array_to_string(pg_catalog.array_remove(
          pg_catalog.regexp_split_to_array(s.reset_val, ',\\s*'), '"$user"'), ', '), ''), 'public'))
      FROM pg_catalog.pg_settings s WHERE s.name = 'search_path'
      """;

  private Namesake() {}

  /** Does nothing for any other role, and where it was done already. */
  static void mend(Connection connection) throws SQLException {
    String statement = null;
    try (var query = connection.prepareStatement(IS_NAMESAKE)) {
      if (Rows.<Boolean>single(query, row -> row.getBoolean(1))) {
        try (var mending = connection.prepareStatement(MENDING)) {
          statement = Rows.single(mending, row -> row.getString(1));
        }
      }
    }
    if (statement != null) {
      try (var alter = connection.createStatement()) {
        alter.execute(statement);
      }
    }
  }
}
