package io.tunetrail.operator.database;

import io.tunetrail.operator.engine.FlywaySettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the schemas that Flyway works on.
 *
 * @param historySchema where the history table is or will be
 * @param tablesExist whether the schemas hold anything but the history table and what belongs to
 *     extensions
 * @param fingerprint changes with every row of the history; null where there is no history
 */
public record SchemaTables(
    String historySchema,
    boolean historyExists,
    boolean tablesExist,
    @Nullable String fingerprint) {

  /** Said where neither the settings nor the search path name a schema. */
  public static final String NO_CURRENT_SCHEMA =
      "no schema of the user's search_path exists and may be used; create one, or set"
          + " schema.flyway.defaultSchema";

  private static final String EXISTS =
      """
      SELECT EXISTS (
        SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p'))
      """;

  private static final String OTHERS =
      """
      WITH mine AS (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ANY (?)),
      history AS (
        SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ? AND c.relname = ?),
      objects AS (
        SELECT c.oid FROM pg_catalog.pg_class c
        WHERE c.relnamespace IN (SELECT oid FROM mine) AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
          AND c.oid NOT IN (SELECT oid FROM history)
        UNION ALL
        SELECT p.oid FROM pg_catalog.pg_proc p WHERE p.pronamespace IN (SELECT oid FROM mine)
        UNION ALL
        SELECT t.oid FROM pg_catalog.pg_type t
        WHERE t.typnamespace IN (SELECT oid FROM mine) AND t.typtype IN ('e', 'd', 'r'))
      SELECT EXISTS (
        SELECT FROM objects o
        WHERE NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend d WHERE d.objid = o.oid AND d.deptype = 'e'))
      """;

  /**
   * Reads the catalog.
   *
   * @param currentSchema of a session of the user; used where the settings name no schema
   */
  public static SchemaTables read(
      Connection connection, FlywaySettings settings, String currentSchema) throws SQLException {
    var configured = settings.historySchema();
    var historySchema = configured == null ? currentSchema : configured;
    var exists = historyExists(connection, historySchema, settings.table());
    return new SchemaTables(
        historySchema,
        exists,
        othersExist(connection, schemas(settings, historySchema), historySchema, settings.table()),
        exists ? fingerprint(connection, historySchema, settings.table()) : null);
  }

  static boolean historyExists(Connection connection, String schema, String table)
      throws SQLException {
    try (var query = connection.prepareStatement(EXISTS)) {
      query.setString(1, schema);
      query.setString(2, table);
      return Rows.single(query, row -> row.getBoolean(1));
    }
  }

  private static Set<String> schemas(FlywaySettings settings, String historySchema) {
    var schemas = new LinkedHashSet<>(settings.schemas());
    schemas.add(historySchema);
    return schemas;
  }

  /** Whether the schemas hold anything but this table and what belongs to extensions. */
  static boolean othersExist(
      Connection connection, Set<String> schemas, String historySchema, String historyTable)
      throws SQLException {
    try (var query = connection.prepareStatement(OTHERS)) {
      query.setArray(1, connection.createArrayOf("name", schemas.toArray()));
      query.setString(2, historySchema);
      query.setString(3, historyTable);
      return Rows.single(query, row -> row.getBoolean(1));
    }
  }

  private static String fingerprint(Connection connection, String schema, String table)
      throws SQLException {
    var sql =
        """
        SELECT pg_catalog.count(*) || ' ' || COALESCE(pg_catalog.md5(pg_catalog.string_agg(
          pg_catalog.concat_ws('|', installed_rank, version, type, script, checksum, success), ','
          ORDER BY installed_rank)), '')
        FROM %s.%s
        """
            .formatted(Identifier.quoted(schema), Identifier.quoted(table));
    try (var query = connection.prepareStatement(sql)) {
      return Rows.single(query, row -> row.getString(1));
    }
  }
}
