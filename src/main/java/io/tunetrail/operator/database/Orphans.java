package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What the programs of earlier works still do although their pods are gone: their lock was free at
 * once, but a server process finishes its statement first.
 */
public final class Orphans {
  private static final String FIRST =
      """
      SELECT pg_catalog.format('process %s of Job %s still works: %s', a.pid, h.job,
        pg_catalog.left(pg_catalog.regexp_replace(a.query, '[[:space:]]+', ' ', 'g'), 100))
      FROM tunetrail.history h JOIN pg_catalog.pg_stat_activity a ON a.backend_start >= h.started_at
        AND (pg_catalog.host(a.client_addr) = h.worker_address
          OR a.application_name = pg_catalog.right('tunetrail/' || h.job, 63))
      WHERE h.finished_at IS NULL AND a.usename = SESSION_USER
        AND a.datname = pg_catalog.current_database() AND a.pid <> pg_catalog.pg_backend_pid()
        AND a.state IN ('active', 'idle in transaction', 'idle in transaction (aborted)')
      ORDER BY h.id DESC, a.pid LIMIT 1
      """;

  private Orphans() {}

  /** One of them, for who must wait for it; empty when none works any more. */
  public static Optional<String> first(Fence fence, ConnectionSettings settings)
      throws SQLException {
    return fence.ask(connection -> first(connection, settings));
  }

  private static Optional<String> first(Connection connection, ConnectionSettings settings)
      throws SQLException {
    if (!WorkHistoryTable.holds(connection, WorkHistoryTable.HAS_WORKER_ADDRESS)) {
      return Optional.empty();
    }
    return ProgramBackends.asLogin(
        connection,
        settings,
        FIRST,
        query -> Rows.all(query, row -> row.getString(1)).stream().findFirst());
  }
}
