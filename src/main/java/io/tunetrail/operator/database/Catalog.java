package io.tunetrail.operator.database;

import io.tunetrail.operator.engine.HistoryTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What PostgreSQL's own catalog says of a database. */
public final class Catalog {
  /** Asked before the search path is ours, so that it has no operator in it. */
  private static final String SERVER =
      """
      SELECT pg_catalog.current_setting('server_version_num')::pg_catalog.int4,
        pg_catalog.current_schemas(false),
        pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')
      """;

  private static final String TABLES =
      """
      SELECT pg_catalog.count(*)
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p')
        AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'tunetrail')
        AND n.nspname NOT LIKE 'pg\\_temp\\_%' AND n.nspname NOT LIKE 'pg\\_toast\\_temp\\_%'
        AND NOT EXISTS (
          SELECT FROM ROWS FROM (pg_catalog.unnest(?::pg_catalog.name[]), pg_catalog.unnest(?::pg_catalog.name[]))
            h(schema, name)
          WHERE n.nspname = h.schema AND c.relname = h.name)
      """;

  /** An index that is being built now is not what a failure left behind. */
  private static final String INVALID_INDEXES =
      """
      SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
      FROM pg_catalog.pg_index i
        JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT i.indisvalid AND c.relkind = 'i' AND n.nspname NOT LIKE 'pg\\_toast%'
        AND i.indexrelid NOT IN (
          SELECT p.index_relid FROM pg_catalog.pg_stat_progress_create_index p
          WHERE p.index_relid IS NOT NULL)
      ORDER BY 1 LIMIT 20
      """;

  private Catalog() {}

  /**
   * The server as this session sees it.
   *
   * @param version as in server_version_num
   * @param currentSchema where the user's unqualified names go; null where no schema of the search
   *     path exists
   * @param controlReadable whether the system identifier may be read
   */
  record Server(int version, @Nullable String currentSchema, boolean controlReadable) {}

  /**
   * The database this session is in.
   *
   * @param systemIdentifier of the cluster; null where it may not be read
   * @param address the server's; null over a Unix socket
   */
  record Database(
      @Nullable String systemIdentifier,
      long oid,
      @Nullable String address,
      int port,
      boolean inRecovery,
      long sizeBytes) {}

  static Server server(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement(SERVER)) {
      return Rows.single(
          query, row -> new Server(row.getInt(1), currentSchema(row), row.getBoolean(3)));
    }
  }

  private static @Nullable String currentSchema(ResultSet row) throws SQLException {
    return Stream.of((String[]) row.getArray(2).getArray())
        .filter(it -> !it.equals(SearchPath.OUR_SCHEMA))
        .findFirst()
        .orElse(null);
  }

  static Database database(Connection connection, Server server) throws SQLException {
    var identifier =
        server.controlReadable()
            ? "(SELECT system_identifier FROM pg_catalog.pg_control_system())"
            : "NULL::pg_catalog.int8";
    var sql =
        """
        SELECT %s, d.oid, pg_catalog.host(pg_catalog.inet_server_addr()), pg_catalog.inet_server_port(),
          pg_catalog.pg_is_in_recovery(), pg_catalog.pg_database_size(d.oid)
        FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
        """
            .formatted(identifier);
    try (var query = connection.prepareStatement(sql)) {
      return Rows.single(query, Catalog::database);
    }
  }

  private static Database database(ResultSet row) throws SQLException {
    return new Database(
        row.getString(1),
        row.getLong(2),
        row.getString(3),
        row.getInt(4),
        row.getBoolean(5),
        row.getLong(6));
  }

  /** Tables of users, without these of engines, each in a schema that is named. */
  static int tableCount(Connection connection, List<HistoryTable> histories) throws SQLException {
    try (var query = connection.prepareStatement(TABLES)) {
      query.setArray(
          1,
          connection.createArrayOf("name", histories.stream().map(HistoryTable::schema).toArray()));
      query.setArray(
          2,
          connection.createArrayOf("name", histories.stream().map(HistoryTable::table).toArray()));
      return Rows.single(query, row -> row.getInt(1));
    }
  }

  /** Schema-qualified names, at most 20. */
  public static List<String> invalidIndexes(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement(INVALID_INDEXES)) {
      return Rows.all(query, row -> row.getString(1));
    }
  }
}
