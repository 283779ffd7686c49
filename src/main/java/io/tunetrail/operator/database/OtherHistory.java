package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The history table of an engine that is not the resource's own.
 *
 * @param schema as it is in the catalog
 */
record OtherHistory(String schema, String table) {
  static final String FLYWAY = "flyway_schema_history";
  static final String ALEMBIC = "alembic_version";

  private static final String FIND =
      """
      SELECT n.nspname, c.relname
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relname = ANY (?) AND c.relkind IN ('r', 'p')
      ORDER BY c.relname LIMIT 1
      """;

  /** The one that stands in a schema under its engine's own name; null where there is none. */
  static @Nullable OtherHistory find(
      Connection connection, @Nullable String schema, String... tables) throws SQLException {
    try (var query = connection.prepareStatement(FIND)) {
      query.setString(1, schema);
      query.setArray(2, connection.createArrayOf("name", tables));
      List<OtherHistory> found =
          Rows.all(query, row -> new OtherHistory(row.getString(1), row.getString(2)));
      return found.isEmpty() ? null : found.getFirst();
    }
  }

  @Override
  public String toString() {
    return schema + "." + table;
  }
}
