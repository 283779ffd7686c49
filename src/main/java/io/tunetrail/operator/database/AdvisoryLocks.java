package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The two keys of the fence; advisory locks are per database, so constants do. */
enum AdvisoryLocks {
  /** Held exclusively by who may work, for as long as the work takes. */
  FENCE(0x74756e65_74726131L),
  /** Shared by every session that works; free only when none of them executes anything any more. */
  WORK(0x74756e65_74726132L);

  private final long key;

  AdvisoryLocks(long key) {
    this.key = key;
  }

  /** Takes it for this session if it is free; never waits, because a waiter holds a snapshot. */
  boolean tryExclusive(Connection connection) throws SQLException {
    return call(connection, "pg_catalog.pg_try_advisory_lock");
  }

  boolean tryShared(Connection connection) throws SQLException {
    return call(connection, "pg_catalog.pg_try_advisory_lock_shared");
  }

  /** The same, in one of two ways. */
  boolean tryTake(Connection connection, boolean shared) throws SQLException {
    return shared ? tryShared(connection) : tryExclusive(connection);
  }

  void release(Connection connection) throws SQLException {
    call(connection, "pg_catalog.pg_advisory_unlock");
  }

  /**
   * Who works on the database; null when nobody does. A session whose process is gone comes before
   * the process that holds the fence already and waits for it.
   */
  static @Nullable String worker(Connection connection) throws SQLException {
    var holders = FENCE.holders(connection);
    for (var worker : WORK.holders(connection)) {
      if (!holders.contains(worker)) {
        return worker;
      }
    }
    return holders.isEmpty() ? null : holders.getFirst();
  }

  /** One of those who hold it; null when it is free. */
  @Nullable String holder(Connection connection) throws SQLException {
    var holders = holders(connection);
    return holders.isEmpty() ? null : holders.getFirst();
  }

  /** Who holds it, by application name or else by process id. */
  private List<String> holders(Connection connection) throws SQLException {
    try (var query =
        connection.prepareStatement(
            """
            SELECT DISTINCT COALESCE(NULLIF(a.application_name, ''), 'process ' || l.pid)
            FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
            WHERE %s
            """
                .formatted(held()))) {
      return Rows.all(query, row -> row.getString(1));
    }
  }

  boolean isHeldBy(Connection connection, int backend) throws SQLException {
    try (var query =
        connection.prepareStatement(
            "SELECT EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.pid = ? AND %s)"
                .formatted(held()))) {
      query.setInt(1, backend);
      return Rows.single(query, row -> row.getBoolean(1));
    }
  }

  private boolean call(Connection connection, String function) throws SQLException {
    try (var query = connection.prepareStatement("SELECT " + function + "(?)")) {
      query.setLong(1, key);
      return Rows.single(query, row -> row.getBoolean(1));
    }
  }

  /** pg_locks shows a bigint key as two halves. */
  private String held() {
    return """
    l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.classid = %d AND l.objid = %d
    AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
    """
        .formatted(key >>> 32, key & 0xffff_ffffL);
  }
}
