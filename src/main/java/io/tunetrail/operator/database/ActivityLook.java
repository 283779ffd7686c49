package io.tunetrail.operator.database;

import io.tunetrail.operator.lifecycle.DatabaseFacts.Activity;
import io.tunetrail.operator.lifecycle.DatabaseFacts.Replication;
import io.tunetrail.operator.lifecycle.DatabaseFacts.SlowStatements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What goes on in a database, as far as the session may know. */
final class ActivityLook {
  /** The state of another's session is hidden from who has no right to it. */
  private static final String CONNECTIONS =
      """
      SELECT COALESCE(a.state, 'hidden'), pg_catalog.count(*)
      FROM pg_catalog.pg_stat_activity a
      WHERE a.datname = pg_catalog.current_database() AND a.pid <> pg_catalog.pg_backend_pid()
        AND COALESCE(a.backend_type, 'client backend') = 'client backend'
      GROUP BY 1
      """;

  /** Asking it where its library is not loaded would end the transaction. */
  private static final String EXTENSION =
      """
      SELECT n.nspname
      FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
      WHERE e.extname = 'pg_stat_statements'
        AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
        AND EXISTS (SELECT FROM pg_catalog.pg_settings s WHERE s.name = 'pg_stat_statements.max')
      """;

  /**
   * Where a replica has replayed all that it received it is not behind, however old that is; whose
   * state is hidden has no lag that can be told.
   */
  private static final String REPLICATION =
      """
      SELECT pg_catalog.count(r.pid),
        CASE
          WHEN NOT pg_catalog.pg_is_in_recovery() THEN
            pg_catalog.max(COALESCE(pg_catalog.date_part('epoch', r.replay_lag), 0))
              FILTER (WHERE r.state IS NOT NULL)
          WHEN pg_catalog.pg_last_wal_receive_lsn() = pg_catalog.pg_last_wal_replay_lsn() THEN 0
          ELSE pg_catalog.date_part('epoch',
            pg_catalog.clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp())
        END,
        CASE
          WHEN NOT pg_catalog.pg_is_in_recovery() THEN
            pg_catalog.max(pg_catalog.pg_wal_lsn_diff(
              CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_current_wal_lsn() END,
              COALESCE(r.replay_lsn, r.flush_lsn, r.sent_lsn)))
          ELSE pg_catalog.pg_wal_lsn_diff(
            pg_catalog.pg_last_wal_receive_lsn(), pg_catalog.pg_last_wal_replay_lsn())
        END
      FROM pg_catalog.pg_stat_replication r
      """;

  private ActivityLook() {}

  static Activity take(Connection connection) throws SQLException {
    var connections = new HashMap<String, Integer>();
    try (var query = connection.prepareStatement(CONNECTIONS);
        var rows = query.executeQuery()) {
      while (rows.next()) {
        connections.put(rows.getString(1), rows.getInt(2));
      }
    }
    return new Activity(
        Map.copyOf(connections), slowStatements(connection), replication(connection), null);
  }

  private static Replication replication(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement(REPLICATION)) {
      return Rows.single(
          query,
          row ->
              new Replication(
                  row.getInt(1),
                  row.getObject(2) == null ? null : row.getDouble(2),
                  row.getObject(3) == null ? null : row.getLong(3)));
    }
  }

  /** Without their texts, which lie in a file. */
  private static @Nullable SlowStatements slowStatements(Connection connection)
      throws SQLException {
    var schema = extension(connection);
    if (schema == null) {
      return null;
    }
    var sql =
        """
        SELECT pg_catalog.count(*) FILTER (WHERE s.mean_exec_time > 100),
          COALESCE(pg_catalog.max(s.mean_exec_time), 0)
        FROM %s.pg_stat_statements(false) s JOIN pg_catalog.pg_database d ON d.oid = s.dbid
        WHERE d.datname = pg_catalog.current_database()
        """
            .formatted(Identifier.quoted(schema));
    try (var query = connection.prepareStatement(sql)) {
      return Rows.single(query, row -> new SlowStatements(row.getInt(1), row.getDouble(2)));
    }
  }

  private static @Nullable String extension(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement(EXTENSION);
        var rows = query.executeQuery()) {
      return rows.next() ? rows.getString(1) : null;
    }
  }
}
