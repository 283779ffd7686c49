package io.tunetrail.operator.database;

import io.tunetrail.operator.api.Reason;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server processes of a user's program: those of our login that have begun since its work did,
 * by their name or, where no proxy or gateway stands between, by this pod's address.
 *
 * @param job whose program
 * @param address this pod's, as the server sees it; null where others may have the same
 */
public record ProgramBackends(ConnectionSettings settings, String job, @Nullable String address) {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private static final String THEIRS =
      """
      a.datname = pg_catalog.current_database() AND a.usename = SESSION_USER
      AND a.backend_type = 'client backend' AND a.pid <> pg_catalog.pg_backend_pid()
      AND a.backend_start >= (SELECT pg_catalog.max(h.started_at) FROM tunetrail.history h WHERE h.job = ?)
      AND (a.application_name = ? OR pg_catalog.host(a.client_addr) = ?)
      """;

  /** What builds an index concurrently leaves an invalid one when it is ended half-way. */
  private static final String BUILDS =
      """
      SELECT FROM pg_catalog.pg_stat_progress_create_index p
      WHERE p.pid = a.pid AND p.command LIKE '% CONCURRENTLY'\
      """;

  /**
   * CREATE INDEX CONCURRENTLY and its like wait for all older transactions, however long those
   * take; ended half-way they leave an invalid index.
   */
  private static final String OVERDUE =
      """
      WITH overdue AS MATERIALIZED (
        SELECT a.pid, a.query, w.lock_type, w.relation,
          pg_catalog.clock_timestamp() - w.waitstart > ? * interval '1 millisecond' AS waits_long,
          (SELECT pg_catalog.string_agg(
              'process ' || b.pid || COALESCE(' (' || NULLIF(b.application_name, '') || ')', ''), ', ')
            FROM pg_catalog.pg_stat_activity b
            WHERE w.lock_type IS NOT NULL AND b.pid = ANY (pg_catalog.pg_blocking_pids(a.pid))) AS holders
        FROM pg_catalog.pg_stat_activity a
          LEFT JOIN LATERAL (
            SELECT l.locktype AS lock_type, l.waitstart,
              pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS relation
            FROM pg_catalog.pg_locks l
              LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation
              LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE l.pid = a.pid AND NOT l.granted LIMIT 1) w ON true
        WHERE %s AND a.state = 'active' AND w.lock_type IS DISTINCT FROM 'virtualxid'
          AND NOT EXISTS (%s)
          AND (pg_catalog.clock_timestamp() - w.waitstart > ? * interval '1 millisecond'
            OR pg_catalog.clock_timestamp() - a.query_start > ? * interval '1 millisecond'))
      SELECT o.pid, COALESCE(o.waits_long, false), o.lock_type, o.relation, o.holders, o.query
      FROM overdue o WHERE pg_catalog.pg_terminate_backend(o.pid)
      """
          .formatted(THEIRS, BUILDS);

  private static final String END =
      """
      SELECT pg_catalog.pg_terminate_backend(a.pid) FROM pg_catalog.pg_stat_activity a
      WHERE %s AND (? OR a.state IN ('active', 'idle in transaction', 'idle in transaction (aborted)'))
        AND (? OR NOT EXISTS (%s))
      """
          .formatted(THEIRS, BUILDS);

  private static final String BUILDING =
      "SELECT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE %s AND EXISTS (%s))"
          .formatted(THEIRS, BUILDS);

  private static final long NEVER = Long.MAX_VALUE / 1_000_000;

  /**
   * One that was ended.
   *
   * @param reason {@link Reason#LOCK_TIMEOUT} or {@link Reason#STATEMENT_TIMEOUT}
   */
  public record Overdue(Reason reason, String detail) {}

  /** Those of a program that works beside this process. */
  public static ProgramBackends beside(
      Connection connection, ConnectionSettings settings, String job) throws SQLException {
    return new ProgramBackends(settings, job, ownAddress(connection));
  }

  /** Null where the server sees another address than one of this machine's own. */
  static @Nullable String ownAddress(Connection connection) throws SQLException {
    String seen;
    try (var query =
        connection.prepareStatement(
            "SELECT COALESCE(pg_catalog.host(pg_catalog.inet_client_addr()), '')")) {
      seen = Rows.single(query, row -> row.getString(1));
    }
    try {
      return seen.isEmpty()
              || NetworkInterface.getByInetAddress(InetAddress.getByName(seen)) == null
          ? null
          : seen;
    } catch (UnknownHostException | SocketException e) {
      return null;
    }
  }

  /** The name that a Job's sessions have. */
  public static String applicationName(String job) {
    return Session.tail("tunetrail/" + job);
  }

  /**
   * Ends those that wait for a lock or execute a statement for too long.
   *
   * @param lockTimeout zero: none
   * @param statementTimeout zero: none
   */
  public List<Overdue> endOverdue(
      Connection connection, Duration lockTimeout, Duration statementTimeout) throws SQLException {
    return asLogin(
        connection,
        OVERDUE,
        query -> {
          query.setLong(1, millis(lockTimeout));
          setTheirs(query, 2);
          query.setLong(5, millis(lockTimeout));
          query.setLong(6, millis(statementTimeout));
          return Rows.all(query, row -> overdue(row, lockTimeout, statementTimeout));
        });
  }

  private static long millis(Duration timeout) {
    return timeout.isZero() ? NEVER : timeout.toMillis();
  }

  private static Overdue overdue(ResultSet row, Duration lockTimeout, Duration statementTimeout)
      throws SQLException {
    var pid = "process " + row.getInt(1);
    if (!row.getBoolean(2)) {
      return new Overdue(
          Reason.STATEMENT_TIMEOUT,
          "%s executed a statement for more than %s and was ended: %s"
              .formatted(pid, text(statementTimeout), firstLine(row.getString(6))));
    }
    var relation = row.getString(4);
    var lock = relation == null ? row.getString(3) : relation;
    var holders = row.getString(5);
    return new Overdue(
        Reason.LOCK_TIMEOUT,
        "%s waited for more than %s for a lock on %s, which %s holds, and was ended"
            .formatted(pid, text(lockTimeout), lock, holders == null ? "somebody" : holders));
  }

  private static String text(Duration timeout) {
    return timeout.toMillisPart() == 0 ? timeout.toSeconds() + " s" : timeout.toMillis() + " ms";
  }

  private static String firstLine(@Nullable String query) {
    return query == null ? "" : query.strip().lines().findFirst().orElse("");
  }

  /** Ends those that are at work but build no index concurrently; the answer is how many. */
  public int endBusy(Connection connection) throws SQLException {
    return end(connection, false, false);
  }

  /** Whether one of them builds an index concurrently. */
  public boolean isBuildingIndex(Connection connection) throws SQLException {
    return asLogin(
        connection,
        BUILDING,
        query -> {
          setTheirs(query, 1);
          return Rows.single(query, row -> row.getBoolean(1));
        });
  }

  /** Ends all of a Job's, over a connection of its own; the answer is how many. */
  public static int endAll(ConnectionSettings settings, String job) throws SQLException {
    return end(settings, job, true);
  }

  /** Ends all of a Job's that build no index concurrently; the answer is how many. */
  public static int endAllButBuilders(ConnectionSettings settings, String job) throws SQLException {
    return end(settings, job, false);
  }

  private static int end(ConnectionSettings settings, String job, boolean buildersToo)
      throws SQLException {
    try (var connection = new Session(applicationName(job), CONNECT, ANSWER).open(settings);
        var statement = connection.createStatement()) {
      statement.execute("SET search_path = pg_catalog, pg_temp");
      return beside(connection, settings, job).end(connection, true, buildersToo);
    }
  }

  private int end(Connection connection, boolean idleToo, boolean buildersToo) throws SQLException {
    return asLogin(
        connection,
        END,
        query -> {
          setTheirs(query, 1);
          query.setBoolean(4, idleToo);
          query.setBoolean(5, buildersToo);
          return Rows.all(query, row -> row.getBoolean(1)).size();
        });
  }

  private void setTheirs(PreparedStatement query, int first) throws SQLException {
    query.setString(first, job);
    query.setString(first + 1, applicationName(job));
    query.setString(first + 2, address);
  }

  private <T> T asLogin(Connection connection, String sql, Asked<T> asked) throws SQLException {
    return asLogin(connection, settings, sql, asked);
  }

  /** A prepared question. */
  interface Asked<T> {
    T ask(PreparedStatement query) throws SQLException;
  }

  /** The role that works need not see or end what the login itself does. */
  static <T> T asLogin(
      Connection connection, ConnectionSettings settings, String sql, Asked<T> asked)
      throws SQLException {
    try (var statement = connection.createStatement();
        var query = connection.prepareStatement(sql)) {
      if (settings.role() == null) {
        return asked.ask(query);
      }
      statement.execute("SET ROLE NONE");
      try {
        return asked.ask(query);
      } finally {
        FenceRequest.setRole(statement, settings);
      }
    }
  }
}
