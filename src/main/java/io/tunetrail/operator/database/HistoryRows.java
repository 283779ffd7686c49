package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;

/**
 * The rows of Flyway's history that tell how far the schema is.
 *
 * @param versions applied, baseline included, lowest first
 * @param migrations applied, repeatable ones included, baseline not
 */
public record HistoryRows(List<String> versions, int migrations) {

  /** Reads the history table; empty where there is none. */
  public static HistoryRows read(Connection connection, String schema, String table)
      throws SQLException {
    if (!SchemaTables.historyExists(connection, schema, table)) {
      return new HistoryRows(List.of(), 0);
    }
    var sql =
        "SELECT version, type FROM %s.%s WHERE success AND type NOT IN ('SCHEMA', 'DELETE')"
            .formatted(Identifier.quoted(schema), Identifier.quoted(table));
    record Row(@Nullable String version, String type) {}
    try (var query = connection.prepareStatement(sql)) {
      var rows = Rows.all(query, row -> new Row(row.getString(1), row.getString(2)));
      var versions =
          rows.stream()
              .<String>mapMulti(
                  (row, sink) -> {
                    if (row.version() != null) {
                      sink.accept(row.version());
                    }
                  })
              .map(MigrationVersion::fromVersion)
              .sorted()
              .map(MigrationVersion::getVersion)
              .toList();
      return new HistoryRows(
          versions, (int) rows.stream().filter(row -> !row.type().equals("BASELINE")).count());
    }
  }

  /** The highest version; null where there is none. */
  public @Nullable String current() {
    return versions.isEmpty() ? null : versions.getLast();
  }

  /** Takes the rows of failed migrations out, so that Flyway runs them once more. */
  public static void forgetFailures(Connection connection, String schema, String table)
      throws SQLException {
    var sql =
        "DELETE FROM %s.%s WHERE NOT success"
            .formatted(Identifier.quoted(schema), Identifier.quoted(table));
    try (var delete = connection.prepareStatement(sql)) {
      delete.executeUpdate();
    }
  }
}
