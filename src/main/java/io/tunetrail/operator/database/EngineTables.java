package io.tunetrail.operator.database;

import io.tunetrail.operator.engine.HistoryTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where history tables of engines are looked for.
 *
 * @param schema the one schema; null: all
 * @param table the one name; null: those that engines give by themselves
 */
public record EngineTables(@Nullable String schema, @Nullable String table) {

  /**
   * Columns of PostgreSQL's own types alone, because another's cast would run its owner's code with
   * the rights of who reads.
   */
  private static final String FIND =
      """
      SELECT n.nspname, c.relname, pg_catalog.has_schema_privilege(n.oid, 'USAGE')
          AND pg_catalog.has_table_privilege(c.oid, 'SELECT'), CURRENT_USER,
        ARRAY(
          SELECT a.attname::pg_catalog.text FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            AND a.atttypid = ANY ('{pg_catalog.bool, pg_catalog.int4, pg_catalog.text,
              pg_catalog.varchar}'::pg_catalog.regtype[]))
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relname = ANY (?) AND n.nspname = COALESCE(?, n.nspname)
        AND c.relkind IN ('r', 'p') AND c.relpersistence = 'p'
        AND NOT pg_catalog.row_security_active(c.oid)
      ORDER BY n.nspname, c.relname
      """;

  /** Of a version that came and went several times the newest row counts. */
  private static final String FLYWAY =
      """
      SELECT version, type LIKE '%%BASELINE'
      FROM (
        SELECT DISTINCT ON (version) version, type FROM %s.%s
        WHERE success AND version IS NOT NULL AND type NOT IN ('SCHEMA', 'DELETE')
        ORDER BY version, installed_rank DESC) newest
      WHERE type NOT LIKE 'UNDO%%'
      """;

  private static final String ALEMBIC =
      "SELECT version_num FROM %s.%s WHERE version_num IS NOT NULL ORDER BY 1";

  private static final Set<String> FLYWAYS_COLUMNS =
      Set.of("installed_rank", "version", "type", "success");

  private static final Set<String> ALEMBICS_COLUMNS = Set.of("version_num");

  /** A table that is an engine's by its columns. */
  private record Found(
      String schema, String table, boolean readable, String role, Set<String> columns) {

    static Found of(ResultSet row) throws SQLException {
      return new Found(
          row.getString(1),
          row.getString(2),
          row.getBoolean(3),
          row.getString(4),
          Set.of((String[]) row.getArray(5).getArray()));
    }

    boolean isFlyways() {
      return columns.containsAll(FLYWAYS_COLUMNS);
    }

    boolean isAlembics() {
      return columns.containsAll(ALEMBICS_COLUMNS);
    }

    String in(String sql) {
      return sql.formatted(Identifier.quoted(schema), Identifier.quoted(table));
    }

    String grant() {
      var reader = Identifier.quoted(role);
      return "GRANT USAGE ON SCHEMA %s TO %s; ".formatted(Identifier.quoted(schema), reader)
          + in("GRANT SELECT ON %s.%s TO ")
          + reader
          + ";";
    }
  }

  /**
   * Reads them, each in a query of its own.
   *
   * @param remembered whether there is tunetrail.history
   */
  List<EngineHistory> read(Connection connection, boolean remembered) throws SQLException {
    var histories = new ArrayList<EngineHistory>();
    for (var found : find(connection)) {
      if (!found.isFlyways() && !found.isAlembics()) {
        continue;
      }
      if (!found.readable()) {
        histories.add(new EngineHistory.Unreadable(found.schema(), found.table(), found.grant()));
      } else if (found.isFlyways()) {
        histories.add(flyway(connection, found));
      } else {
        histories.add(alembic(connection, found, remembered));
      }
    }
    return histories;
  }

  private List<Found> find(Connection connection) throws SQLException {
    var names =
        table == null
            ? new String[] {HistoryTable.FLYWAY, HistoryTable.ALEMBIC}
            : new String[] {table};
    try (var query = connection.prepareStatement(FIND)) {
      query.setArray(1, connection.createArrayOf("name", names));
      query.setString(2, schema);
      return Rows.all(query, Found::of);
    }
  }

  private static EngineHistory flyway(Connection connection, Found found) throws SQLException {
    var versions = new ArrayList<String>();
    var baselines = new ArrayList<String>();
    try (var query = connection.prepareStatement(found.in(FLYWAY));
        var rows = query.executeQuery()) {
      while (rows.next()) {
        versions.add(rows.getString(1));
        if (rows.getBoolean(2)) {
          baselines.add(rows.getString(1));
        }
      }
    }
    return new EngineHistory.Flyway(found.schema(), found.table(), versions, baselines);
  }

  private static EngineHistory alembic(Connection connection, Found found, boolean remembered)
      throws SQLException {
    try (var query = connection.prepareStatement(found.in(ALEMBIC))) {
      var revisions = Rows.all(query, row -> row.getString(1));
      return new EngineHistory.Alembic(
          found.schema(),
          found.table(),
          revisions,
          remembered ? FinishedWorks.endedAt(connection, found.schema(), revisions) : List.of());
    }
  }
}
