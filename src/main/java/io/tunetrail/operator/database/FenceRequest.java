package io.tunetrail.operator.database;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.database.Fence.Attempt;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asking for the fence.
 *
 * @param applicationName what others read of who holds it
 * @param simpleMode whether working sessions send a text of many statements as one message
 * @param shared whether others that ask so may hold it too
 */
record FenceRequest(
    ConnectionSettings settings, String applicationName, boolean simpleMode, boolean shared) {
  /** Long, because a pod with little processor takes its time for the first handshake. */
  private static final Duration CONNECT = Duration.ofSeconds(30);

  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

  Attempt within(Duration timeout) throws SQLException {
    var working = new Session(applicationName, CONNECT, Duration.ZERO, simpleMode);
    var both = SessionPair.open(new Session(applicationName, CONNECT, ANSWER), working, settings);
    var connection = both.first();
    var other = both.second();
    try {
      if (Backend.isShared(connection, other)) {
        Fence.closeAll(connection, other);
        return new Attempt.Refused(
            Reason.TRANSACTION_POOLING,
            "a proxy gives two connections one backend, so locks would not hold");
      }
      var currentSchema = hardened(connection);
      var refusal = refusal(connection, timeout);
      if (refusal == null) {
        return new Attempt.Held(new Fence(settings, working, connection, other, currentSchema));
      }
      Fence.closeAll(connection, other);
      return refusal;
    } catch (SQLException | RuntimeException e) {
      Fence.closeAll(connection, other);
      throw e;
    }
  }

  private Attempt.@Nullable Refused refusal(Connection connection, Duration timeout)
      throws SQLException {
    if (inRecovery(connection)) {
      return new Attempt.Refused(
          Reason.READ_ONLY_REPLICA, "the server is a replica and takes no changes");
    }
    long deadline = System.nanoTime() + timeout.toNanos();
    if (!poll(AdvisoryLocks.FENCE, shared, connection, deadline)) {
      return notObtained(AdvisoryLocks.FENCE, connection, "works on the database");
    }
    return shared ? null : unfinished(connection, deadline);
  }

  /** Who only reads need not wait for what a backend of an earlier work still does. */
  private Attempt.@Nullable Refused unfinished(Connection connection, long deadline)
      throws SQLException {
    if (!poll(AdvisoryLocks.WORK, false, connection, deadline)) {
      return notObtained(AdvisoryLocks.WORK, connection, "is gone, but its backend still works");
    }
    AdvisoryLocks.WORK.release(connection);
    return null;
  }

  /** Answers the user's own current schema, which the search path tells only until now. */
  private @Nullable String hardened(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(
          """
          SET idle_session_timeout = 0;
          SET lock_timeout = '5s';
          SET statement_timeout = '8s';
          SET tcp_keepalives_idle = 10;
          SET tcp_keepalives_interval = 5;
          SET tcp_keepalives_count = 3
          """);
      setRole(statement, settings);
      var currentSchema = Catalog.server(connection).currentSchema();
      SearchPath.harden(connection);
      return currentSchema;
    }
  }

  static void setRole(Statement statement, ConnectionSettings settings) throws SQLException {
    if (settings.role() != null) {
      statement.execute("SET ROLE " + Identifier.quoted(settings.role()));
    }
  }

  private static boolean inRecovery(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement("SELECT pg_catalog.pg_is_in_recovery()")) {
      return Rows.single(query, row -> row.getBoolean(1));
    }
  }

  private static boolean poll(
      AdvisoryLocks lock, boolean shared, Connection connection, long deadline)
      throws SQLException {
    long pause = FIRST_PAUSE.toMillis();
    while (!lock.tryTake(connection, shared)) {
      long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      if (left <= 0 || !Fence.pause(Math.min(pause, left))) {
        return false;
      }
      pause = Math.min(pause * 3 / 2, LONGEST_PAUSE.toMillis());
    }
    return true;
  }

  /** The login sees what its other sessions are called; the role need not. */
  private Attempt.Refused notObtained(AdvisoryLocks lock, Connection connection, String does)
      throws SQLException {
    if (settings.role() != null) {
      try (var statement = connection.createStatement()) {
        statement.execute("SET ROLE NONE");
      }
    }
    var holder = lock.holder(connection);
    return new Attempt.Refused(
        Reason.LOCK_NOT_OBTAINED, "%s %s".formatted(holder == null ? "somebody" : holder, does));
  }
}
