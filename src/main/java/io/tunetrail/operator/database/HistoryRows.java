package io.tunetrail.operator.database;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;

/**
 * The rows of Flyway's history that tell how far the schema is.
 *
 * @param applied in the order in which they were
 */
public record HistoryRows(List<Applied> applied) {

  /**
   * A row of a migration that succeeded, or of a baseline.
   *
   * @param version null for a repeatable one
   */
  public record Applied(int rank, @Nullable MigrationVersion version, String type) {

    private boolean isBaseline() {
      return type.endsWith("BASELINE");
    }
  }

  /** Reads the history table; empty where there is none. */
  public static HistoryRows read(Connection connection, String schema, String table)
      throws SQLException {
    if (!SchemaTables.historyExists(connection, schema, table)) {
      return new HistoryRows(List.of());
    }
    var sql =
        """
        SELECT installed_rank, version, type FROM %s
        WHERE success AND type NOT IN ('SCHEMA', 'DELETE') ORDER BY installed_rank
        """
            .formatted(qualified(schema, table));
    try (var query = connection.prepareStatement(sql)) {
      return new HistoryRows(
          Rows.all(
              query,
              row -> new Applied(row.getInt(1), version(row.getString(2)), row.getString(3))));
    }
  }

  private static @Nullable MigrationVersion version(@Nullable String text) {
    return text == null ? null : MigrationVersion.fromVersion(text);
  }

  /** All versions, baseline included, lowest first. */
  public List<String> versions() {
    return applied.stream()
        .map(Applied::version)
        .filter(Objects::nonNull)
        .sorted()
        .map(MigrationVersion::getVersion)
        .toList();
  }

  /** How many migrations were applied, repeatable ones included, the baseline not. */
  public int migrations() {
    return (int) applied.stream().filter(it -> !it.type().equals("BASELINE")).count();
  }

  /** The highest version; null where there is none. */
  public @Nullable String current() {
    var versions = versions();
    return versions.isEmpty() ? null : versions.getLast();
  }

  /** The version from which the history tells; null where it tells from the first. */
  public @Nullable String baseline() {
    return applied.stream()
        .filter(Applied::isBaseline)
        .map(Applied::version)
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder())
        .map(MigrationVersion::getVersion)
        .orElse(null);
  }

  /** The newest row of a version that was applied; null where there is none. */
  @Nullable Applied newestOf(MigrationVersion version) {
    return applied.stream()
        .filter(it -> version.equals(it.version()) && !it.isBaseline())
        .max(Comparator.comparingInt(Applied::rank))
        .orElse(null);
  }

  HistoryRows without(Applied forgotten) {
    return new HistoryRows(applied.stream().filter(it -> !it.equals(forgotten)).toList());
  }

  /** Takes the rows of failed migrations out, so that Flyway runs them once more. */
  public static void forgetFailures(Connection connection, String schema, String table)
      throws SQLException {
    var sql = "DELETE FROM %s WHERE NOT success".formatted(qualified(schema, table));
    try (var delete = connection.prepareStatement(sql)) {
      delete.executeUpdate();
    }
  }

  /**
   * Takes a row out, so that Flyway applies its version once more; the answer is how many went. The
   * connection may have any search path.
   */
  static int forget(Connection connection, String schema, String table, Applied applied)
      throws SQLException {
    var sql =
        "DELETE FROM %s WHERE installed_rank OPERATOR(pg_catalog.=) ?"
            .formatted(qualified(schema, table));
    try (var delete = connection.prepareStatement(sql)) {
      delete.setInt(1, applied.rank());
      return delete.executeUpdate();
    }
  }

  /** Fails for want of the right to take rows out. */
  static void checkForgettable(Connection connection, String schema, String table)
      throws SQLException {
    var sql = "DELETE FROM %s WHERE false".formatted(qualified(schema, table));
    try (var delete = connection.prepareStatement(sql)) {
      delete.executeUpdate();
    }
  }

  /**
   * A row that is to be put in.
   *
   * @param checksum null where there is no script
   */
  public record Noted(
      @Nullable String version,
      String description,
      String type,
      String script,
      @Nullable Integer checksum) {}

  /** Puts rows in after those that are there, all or none. */
  public static void note(Connection connection, String schema, String table, List<Noted> rows)
      throws SQLException {
    var sql =
        """
        INSERT INTO %1$s (installed_rank, version, description, type, script, checksum, installed_by,
          execution_time, success)
        SELECT (SELECT COALESCE(pg_catalog.max(installed_rank), 0) FROM %1$s) + r.position,
          r.version, r.description, r.type, r.script, r.checksum, CURRENT_USER, 0, true
        FROM ROWS FROM (
          pg_catalog.unnest(?::pg_catalog.text[]), pg_catalog.unnest(?::pg_catalog.text[]),
          pg_catalog.unnest(?::pg_catalog.text[]), pg_catalog.unnest(?::pg_catalog.text[]),
          pg_catalog.unnest(?::pg_catalog.int4[]))
          WITH ORDINALITY r(version, description, type, script, checksum, position)
        """
            .formatted(qualified(schema, table));
    try (var insert = connection.prepareStatement(sql)) {
      insert.setArray(1, array(connection, "text", rows, Noted::version));
      insert.setArray(2, array(connection, "text", rows, Noted::description));
      insert.setArray(3, array(connection, "text", rows, Noted::type));
      insert.setArray(4, array(connection, "text", rows, Noted::script));
      insert.setArray(5, array(connection, "int4", rows, Noted::checksum));
      insert.executeUpdate();
    }
  }

  private static Array array(
      Connection connection, String type, List<Noted> rows, Function<Noted, @Nullable Object> part)
      throws SQLException {
    return connection.createArrayOf(type, rows.stream().map(part).toArray());
  }

  private static String qualified(String schema, String table) {
    return Identifier.quoted(schema) + "." + Identifier.quoted(table);
  }
}
