package io.tunetrail.operator.database;

import io.tunetrail.operator.engine.HistoryTable;
import io.tunetrail.operator.lifecycle.DatabaseFacts.ForeignHistory;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A history table that is not the one the resource's own engine keeps.
 *
 * @param schema as it is in the catalog
 * @param holdsRows true also where it may not be read
 */
record OtherHistory(String schema, String table, boolean holdsRows) {
  private static final String RETIRED = "_retired";
  private static final int LONGEST_NAME = 63;

  /** A policy would run its owner's code with the rights of who reads. */
  private static final String FIND =
      """
      SELECT DISTINCT n.nspname, c.relname, pg_catalog.has_schema_privilege(n.oid, 'USAGE')
          AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
          AND NOT pg_catalog.row_security_active(c.oid)
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN ROWS FROM (pg_catalog.unnest(?::pg_catalog.name[]), pg_catalog.unnest(?::pg_catalog.name[]))
          w(schema, name)
          ON n.nspname = w.schema AND c.relname = w.name
      WHERE c.relkind IN ('r', 'p')
      ORDER BY 1, 2
      """;

  private static final String FREE_NAME =
      """
      SELECT w.name FROM pg_catalog.generate_series(1, 99) i,
        LATERAL (SELECT ? || CASE i WHEN 1 THEN '' ELSE '_' || i END AS name) w
      WHERE NOT EXISTS (
        SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ? AND c.relname = w.name)
      ORDER BY i LIMIT 1
      """;

  private static final String INDEXES =
      """
      SELECT x.relname FROM pg_catalog.pg_index i
        JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
        JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relname = ? ORDER BY 1
      """;

  /** One that was given up by the statements of {@link #fact} keeps its shape. */
  private static final String BY_COLUMNS =
      """
      SELECT c.relname
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relkind IN ('r', 'p') AND c.relname !~ '_retired(_[0-9]+)?$'
        AND ARRAY(
          SELECT a.attname::pg_catalog.text FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1)
          = ?
      """;

  private static final List<String> COLUMNS_OF_FLYWAY =
      List.of(
          "checksum",
          "description",
          "execution_time",
          "installed_by",
          "installed_on",
          "installed_rank",
          "script",
          "success",
          "type",
          "version");

  private static final List<String> COLUMNS_OF_ALEMBIC = List.of("version_num");

  /** Flyway's in a schema, whatever their names. */
  static List<HistoryTable> ofFlyway(Connection connection, String schema) throws SQLException {
    return byColumns(connection, schema, COLUMNS_OF_FLYWAY);
  }

  /** Alembic's in a schema, whatever their names. */
  static List<HistoryTable> ofAlembic(Connection connection, String schema) throws SQLException {
    return byColumns(connection, schema, COLUMNS_OF_ALEMBIC);
  }

  private static List<HistoryTable> byColumns(
      Connection connection, String schema, List<String> columns) throws SQLException {
    try (var query = connection.prepareStatement(BY_COLUMNS)) {
      query.setString(1, schema);
      query.setArray(2, connection.createArrayOf("text", columns.toArray()));
      return Rows.all(query, row -> new HistoryTable(schema, row.getString(1)));
    }
  }

  /**
   * Those that stand where they may be.
   *
   * @param places where no schema is named, in {@code schema}
   */
  static List<OtherHistory> find(
      Connection connection, @Nullable String schema, Collection<HistoryTable> places)
      throws SQLException {
    var found = new ArrayList<OtherHistory>();
    try (var query = connection.prepareStatement(FIND)) {
      query.setArray(
          1, names(connection, places, it -> it.schema() == null ? schema : it.schema()));
      query.setArray(2, names(connection, places, HistoryTable::table));
      try (var rows = query.executeQuery()) {
        while (rows.next()) {
          var name = rows.getString(1);
          var table = rows.getString(2);
          boolean holdsRows = !rows.getBoolean(3) || holdsRows(connection, name, table);
          found.add(new OtherHistory(name, table, holdsRows));
        }
      }
    }
    return found;
  }

  private interface Part {
    @Nullable String of(HistoryTable place);
  }

  private static java.sql.Array names(
      Connection connection, Collection<HistoryTable> places, Part part) throws SQLException {
    return connection.createArrayOf("name", places.stream().map(part::of).toArray());
  }

  private static boolean holdsRows(Connection connection, String schema, String table)
      throws SQLException {
    var sql =
        "SELECT EXISTS (SELECT FROM %s.%s)"
            .formatted(Identifier.quoted(schema), Identifier.quoted(table));
    try (var query = connection.prepareStatement(sql)) {
      return Rows.single(query, row -> row.getBoolean(1));
    }
  }

  HistoryTable place() {
    return new HistoryTable(schema, table);
  }

  /** What the decision knows of it. */
  ForeignHistory fact(Connection connection) throws SQLException {
    return new ForeignHistory(schema + "." + table, holdsRows ? retirement(connection) : null);
  }

  /** Its indexes too: the engine gives those of a new history the same names. */
  private String retirement(Connection connection) throws SQLException {
    var statements = new ArrayList<String>();
    statements.add(renaming(connection, "TABLE", table));
    for (var index : indexes(connection)) {
      statements.add(renaming(connection, "INDEX", index));
    }
    return String.join("; ", statements);
  }

  private List<String> indexes(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement(INDEXES)) {
      query.setString(1, schema);
      query.setString(2, table);
      return Rows.all(query, row -> Objects.requireNonNull(row.getString(1)));
    }
  }

  private String renaming(Connection connection, String kind, String name) throws SQLException {
    return "ALTER %s %s.%s RENAME TO %s"
        .formatted(
            kind,
            Identifier.quoted(schema),
            Identifier.quoted(name),
            Identifier.quoted(freeName(connection, name)));
  }

  private String freeName(Connection connection, String name) throws SQLException {
    try (var query = connection.prepareStatement(FREE_NAME)) {
      query.setString(1, shortened(name) + RETIRED);
      query.setString(2, schema);
      return Objects.requireNonNull(Rows.single(query, row -> row.getString(1)));
    }
  }

  /** With room for what is added. */
  private static String shortened(String whole) {
    int room = LONGEST_NAME - RETIRED.length() - "_99".length();
    var name = whole;
    while (name.getBytes(StandardCharsets.UTF_8).length > room) {
      name = name.substring(0, name.offsetByCodePoints(name.length(), -1));
    }
    return name;
  }
}
