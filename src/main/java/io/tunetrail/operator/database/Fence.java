package io.tunetrail.operator.database;

import io.tunetrail.operator.api.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The right to work on a database, which one process has at a time. Its own connection idles outside any transaction;
 * the sessions that work hold a second key, so that work whose process is gone still keeps the next one out.
 */
public final class Fence implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

  private final ConnectionSettings settings;
  private final Session working;
  private final Connection connection;
  private final int backend;
  private final @Nullable String currentSchema;
  private final ReentrantLock use = new ReentrantLock();
  private final List<Connection> workingSessions = new CopyOnWriteArrayList<>();
  private final Thread heartbeat;
  private @Nullable Connection spare;
  private volatile boolean lost;
  private volatile boolean closed;

  /** What asking for the fence gave. */
  public sealed interface Attempt {

    /** The caller works, and closes it afterwards. */
    record Held(Fence fence) implements Attempt {}

    /** Nobody may work here, or somebody else does. */
    record Refused(Reason reason, String detail) implements Attempt {}
  }

  /** Asks the database something over the fence's own connection. */
  public interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  private Fence(ConnectionSettings settings, Session working, Connection connection, Connection spare)
      throws SQLException {
    this.settings = settings;
    this.working = working;
    this.connection = connection;
    this.spare = spare;
    backend = Backend.pid(connection);
    currentSchema = Catalog.server(connection).currentSchema();
    harden(connection);
    heartbeat = Thread.ofPlatform().daemon().name("fence-heartbeat").start(this::beat);
  }

  /**
   * Waits for the fence for at most {@code timeout}.
   *
   * @param applicationName what others read of who holds it
   * @param simpleMode whether working sessions send a text of many statements as one message
   */
  public static Attempt acquire(
      ConnectionSettings settings, String applicationName, Duration timeout, boolean simpleMode)
      throws SQLException {
    var working = new Session(applicationName, CONNECT, Duration.ZERO, simpleMode);
    var connection = new Session(applicationName, CONNECT, ANSWER).open(settings);
    @Nullable Connection other = null;
    try {
      other = working.open(settings);
      var refusal = refusal(connection, other, settings, timeout);
      if (refusal == null) {
        return new Attempt.Held(new Fence(settings, working, connection, other));
      }
      closeAll(connection, other);
      return refusal;
    } catch (SQLException | RuntimeException e) {
      closeAll(connection, other);
      throw e;
    }
  }

  private static Attempt.@Nullable Refused refusal(
      Connection connection, Connection other, ConnectionSettings settings, Duration timeout)
      throws SQLException {
    if (Backend.isShared(connection, other)) {
      return new Attempt.Refused(
          Reason.TRANSACTION_POOLING, "a proxy gives two connections one backend, so locks would not hold");
    }
    prepare(connection, settings);
    if (inRecovery(connection)) {
      return new Attempt.Refused(
          Reason.READ_ONLY_REPLICA, "the server is a replica and takes no changes");
    }
    long deadline = System.nanoTime() + timeout.toNanos();
    if (!poll(AdvisoryLocks.FENCE, connection, deadline)) {
      return notObtained(AdvisoryLocks.FENCE, connection, "works on the database");
    }
    if (!poll(AdvisoryLocks.WORK, connection, deadline)) {
      return notObtained(AdvisoryLocks.WORK, connection, "is gone, but its backend still works");
    }
    AdvisoryLocks.WORK.release(connection);
    return null;
  }

  private static void prepare(Connection connection, ConnectionSettings settings) throws SQLException {
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
    }
  }

  /** Last, because until then the search path says which schema is the user's own. */
  private static void harden(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("SET search_path = pg_catalog, pg_temp");
    }
  }

  private static void setRole(Statement statement, ConnectionSettings settings)
      throws SQLException {
    if (settings.role() != null) {
      statement.execute("SET ROLE " + Identifier.quoted(settings.role()));
    }
  }

  private static boolean inRecovery(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement("SELECT pg_catalog.pg_is_in_recovery()")) {
      return Rows.single(query, row -> row.getBoolean(1));
    }
  }

  private static boolean poll(AdvisoryLocks lock, Connection connection, long deadline)
      throws SQLException {
    long pause = FIRST_PAUSE.toMillis();
    while (!lock.tryExclusive(connection)) {
      long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      if (left <= 0 || !pause(Math.min(pause, left))) {
        return false;
      }
      pause = Math.min(pause * 3 / 2, LONGEST_PAUSE.toMillis());
    }
    return true;
  }

  private static Attempt.Refused notObtained(AdvisoryLocks lock, Connection connection, String does)
      throws SQLException {
    var holder = lock.holder(connection);
    return new Attempt.Refused(
        Reason.LOCK_NOT_OBTAINED, "%s %s".formatted(holder == null ? "somebody" : holder, does));
  }

  /** A session that works: it keeps the next holder out for as long as its backend executes anything. */
  public Connection openWorking(long lockTimeoutMillis, long statementTimeoutMillis) throws SQLException {
    var session = takeSpare();
    if (session == null) {
      session = working.open(settings);
    }
    workingSessions.removeIf(Fence::isClosed);
    workingSessions.add(session);
    try (var statement = session.createStatement()) {
      statement.execute("SET client_connection_check_interval = '2s'");
      statement.execute("SET lock_timeout = " + lockTimeoutMillis);
      statement.execute("SET statement_timeout = " + statementTimeoutMillis);
      setRole(statement, settings);
      boolean entitled =
          AdvisoryLocks.WORK.tryShared(session) && AdvisoryLocks.FENCE.isHeldBy(session, backend);
      if (!entitled || lost) {
        throw new SQLException("the lock on the database is lost", "08006");
      }
    } catch (SQLException e) {
      closeAll(session);
      throw e;
    }
    return session;
  }

  private synchronized @Nullable Connection takeSpare() {
    var taken = spare;
    spare = null;
    return taken;
  }

  /** Working sessions for Flyway. */
  public DataSource working(long lockTimeoutMillis, long statementTimeoutMillis) {
    return new OpeningDataSource(() -> openWorking(lockTimeoutMillis, statementTimeoutMillis));
  }

  /** Where the user's unqualified names go; null where no schema of the search path exists. */
  public @Nullable String currentSchema() {
    return currentSchema;
  }

  /** Asks over the fence's own connection, one question at a time; it is in autocommit. */
  public <T> T ask(Question<T> question) throws SQLException {
    use.lock();
    try {
      return question.ask(connection);
    } finally {
      use.unlock();
    }
  }

  /** Whether the connection that holds the lock is gone, and with it the right to work. */
  public boolean isLost() {
    return lost;
  }

  @Override
  public void close() {
    closed = true;
    heartbeat.interrupt();
    var unused = takeSpare();
    if (unused != null) {
      closeAll(unused);
    }
    workingSessions.forEach(Fence::closeAll);
    closeAll(connection);
  }

  private void beat() {
    while (!closed && pause(HEARTBEAT.toMillis())) {
      try {
        ask(Backend::pid);
      } catch (SQLException e) {
        if (!closed) {
          lost = true;
          workingSessions.forEach(Fence::abort);
        }
        return;
      }
    }
  }

  /** False when this thread is to end. */
  private static boolean pause(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean isClosed(Connection session) {
    try {
      return session.isClosed();
    } catch (SQLException e) {
      return true;
    }
  }

  private static void abort(Connection session) {
    try {
      session.abort(Runnable::run);
    } catch (SQLException e) {
      // It is closed already.
    }
  }

  private static void closeAll(@Nullable Connection... connections) {
    for (var connection : connections) {
      if (connection != null) {
        try {
          connection.close();
        } catch (SQLException e) {
          abort(connection);
        }
      }
    }
  }
}
