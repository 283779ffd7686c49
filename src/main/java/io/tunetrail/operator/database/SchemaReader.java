package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The catalog's answer to what schemas hold. */
final class SchemaReader {
  private static final String USER_SCHEMAS =
      """
      SELECT n.nspname FROM pg_catalog.pg_namespace n
      WHERE n.nspname NOT IN ('information_schema', 'tunetrail') AND n.nspname !~ '^pg_'
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend d
          WHERE d.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.objid = n.oid
            AND d.deptype = 'e')
      ORDER BY 1
      """;

  /** What all queries of relations start from. */
  private static final String MINE =
      """
      WITH mine AS (
        SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY (?) AND c.relname <> ALL (?)
          AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
          AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
              AND d.deptype = 'e'))
      """;

  /** An extension's type may stand in another schema here than there, so its name goes alone. */
  private static final String COLUMNS =
      MINE
          + """
          SELECT m.schema, m.name, m.kind, a.attname, a.attnotnull, a.attidentity, a.attgenerated,
            CASE WHEN EXISTS (
                SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = b.oid
                  AND d.deptype = 'e')
              THEN pg_catalog.replace(
                pg_catalog.format_type(a.atttypid, a.atttypmod),
                pg_catalog.quote_ident(b.nspname) || '.', '')
              ELSE pg_catalog.format_type(a.atttypid, a.atttypmod) END
          FROM mine m
            LEFT JOIN pg_catalog.pg_attribute a
              ON a.attrelid = m.oid AND a.attnum > 0 AND NOT a.attisdropped
            LEFT JOIN (
              SELECT t.oid AS type, COALESCE(e.oid, t.oid) AS oid, n.nspname
              FROM pg_catalog.pg_type t
                LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
                JOIN pg_catalog.pg_namespace n ON n.oid = COALESCE(e.typnamespace, t.typnamespace)
            ) b ON b.type = a.atttypid
          ORDER BY m.oid, a.attnum
          """;

  /** The server's own constraints towards each partition are part of the one that was written. */
  private static final String CONSTRAINTS =
      MINE
          + """
          SELECT m.schema, m.name, k.contype,
            ARRAY(
              SELECT a.attname::pg_catalog.text
              FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY u(number, position)
                JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number
              ORDER BY u.position),
            fn.nspname, f.relname,
            ARRAY(
              SELECT a.attname::pg_catalog.text
              FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY u(number, position)
                JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number
              ORDER BY u.position),
            k.confupdtype, k.confdeltype
          FROM mine m
            JOIN pg_catalog.pg_constraint k ON k.conrelid = m.oid
            LEFT JOIN pg_catalog.pg_class f ON f.oid = k.confrelid
            LEFT JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
          WHERE k.contype IN ('p', 'u', 'x', 'f') AND k.conparentid = 0
          """;

  /** One that a failed CREATE INDEX CONCURRENTLY left is none. */
  private static final String INDEXES =
      MINE
          + """
          SELECT m.schema, m.name, i.indisunique, w.amname, i.indpred IS NOT NULL,
            ARRAY(
              SELECT COALESCE(a.attname::pg_catalog.text, '(expression)')
              FROM pg_catalog.generate_series(0, i.indnkeyatts - 1) p(position)
                LEFT JOIN pg_catalog.pg_attribute a
                  ON a.attrelid = i.indrelid AND a.attnum = i.indkey[p.position] AND a.attnum <> 0
              ORDER BY p.position)
          FROM mine m
            JOIN pg_catalog.pg_index i ON i.indrelid = m.oid
            JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
            JOIN pg_catalog.pg_am w ON w.oid = x.relam
          WHERE i.indisvalid
            AND i.indexrelid NOT IN (
              SELECT k.conindid FROM pg_catalog.pg_constraint k WHERE k.contype IN ('p', 'u', 'x'))
          """;

  private static final String ENUMERATIONS =
      """
      SELECT n.nspname, t.typname,
        ARRAY(
          SELECT e.enumlabel::pg_catalog.text FROM pg_catalog.pg_enum e
          WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)
      FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
      WHERE n.nspname = ANY (?) AND t.typtype = 'e'
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend d
          WHERE d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = t.oid
            AND d.deptype = 'e')
      """;

  private final Connection connection;
  private final Collection<String> schemas;
  private final Collection<String> withoutTables;
  private final TreeMap<ObjectName, TableDescription> tables = new TreeMap<>();
  private final TreeMap<ObjectName, List<String>> enumerations = new TreeMap<>();

  SchemaReader(
      Connection connection, Collection<String> schemas, Collection<String> withoutTables) {
    this.connection = connection;
    this.schemas = schemas;
    this.withoutTables = withoutTables;
  }

  /** The search path is emptied meanwhile: what it holds decides how types are spelled. */
  SchemaDescription read() throws SQLException {
    var path = SearchPath.setting(connection);
    SearchPath.restore(connection, "pg_catalog");
    try {
      each(COLUMNS, true, this::column);
      each(CONSTRAINTS, true, this::constraint);
      each(INDEXES, true, this::index);
      each(
          ENUMERATIONS,
          false,
          row -> enumerations.put(name(row), List.of(KeyWords.columns(row, 3))));
      return new SchemaDescription(existing(), tables, enumerations);
    } finally {
      SearchPath.restore(connection, path);
    }
  }

  static List<String> userSchemas(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement(USER_SCHEMAS)) {
      return Rows.all(query, row -> row.getString(1));
    }
  }

  private Set<String> existing() throws SQLException {
    var existing = new HashSet<>(userSchemas(connection));
    existing.retainAll(Set.copyOf(schemas));
    return existing;
  }

  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  private void each(String sql, boolean ofTables, RowReader reader) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setArray(1, connection.createArrayOf("name", schemas.toArray()));
      if (ofTables) {
        query.setArray(2, connection.createArrayOf("name", withoutTables.toArray()));
      }
      try (var rows = query.executeQuery()) {
        while (rows.next()) {
          reader.read(rows);
        }
      }
    }
  }

  private void column(ResultSet row) throws SQLException {
    var kind = kind(row.getString(3));
    var table = tables.computeIfAbsent(name(row), it -> new TableDescription(kind));
    var column = row.getString(4);
    if (column != null) {
      table
          .columns()
          .put(
              column,
              new ColumnDescription(
                  row.getString(8),
                  row.getBoolean(5),
                  generation(row.getString(6), row.getString(7))));
    }
  }

  private void constraint(ResultSet row) throws SQLException {
    var table = tables.get(name(row));
    if (table != null) {
      table.constraints().add(KeyWords.ofConstraint(row));
    }
  }

  private void index(ResultSet row) throws SQLException {
    var table = tables.get(name(row));
    if (table != null) {
      table.indexes().add(KeyWords.ofIndex(row));
    }
  }

  private static ObjectName name(ResultSet row) throws SQLException {
    return new ObjectName(row.getString(1), row.getString(2));
  }

  private static String kind(String relkind) {
    return switch (relkind) {
      case "p" -> "partitioned table";
      case "v" -> "view";
      case "m" -> "materialized view";
      case "f" -> "foreign table";
      default -> "table";
    };
  }

  private static String generation(@Nullable String identity, @Nullable String generated) {
    if ("a".equals(identity)) {
      return "generated always as identity";
    }
    if ("d".equals(identity)) {
      return "generated by default as identity";
    }
    return generated == null || generated.isEmpty() ? "" : "generated from other columns";
  }
}
