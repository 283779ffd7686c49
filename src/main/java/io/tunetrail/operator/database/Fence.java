package io.tunetrail.operator.database;

import io.tunetrail.operator.api.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The right to work on a database, which one process has at a time, or several that only read. Its
 * own connection idles outside any transaction; the sessions that work hold a second key, so that
 * work whose process is gone still keeps the next one out.
 */
public final class Fence implements AutoCloseable {
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);

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
  public interface Question<T extends @Nullable Object> {
    T ask(Connection connection) throws SQLException;
  }

  /** For {@link FenceRequest}, which holds the lock on {@code connection}. */
  Fence(
      ConnectionSettings settings,
      Session working,
      Connection connection,
      Connection spare,
      @Nullable String currentSchema)
      throws SQLException {
    this.settings = settings;
    this.working = working;
    this.connection = connection;
    this.spare = spare;
    backend = Backend.pid(connection);
    this.currentSchema = currentSchema;
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
    return new FenceRequest(settings, applicationName, simpleMode, false).within(timeout);
  }

  /**
   * Waits for the fence to read behind it: others may too, and who changes anything waits.
   *
   * @param applicationName what others read of who holds it
   */
  public static Attempt acquireShared(
      ConnectionSettings settings, String applicationName, Duration timeout) throws SQLException {
    return new FenceRequest(settings, applicationName, false, true).within(timeout);
  }

  /**
   * A session that works: it keeps the next holder out for as long as its backend executes
   * anything.
   */
  public Connection openWorking(long lockTimeoutMillis, long statementTimeoutMillis)
      throws SQLException {
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
      FenceRequest.setRole(statement, settings);
      boolean entitled = SearchPath.trusted(session, this::isEntitled);
      SearchPath.leaveOut(session);
      if (!entitled || lost) {
        throw new SQLException("the lock on the database is lost", "08006");
      }
    } catch (SQLException e) {
      closeAll(session);
      throw e;
    }
    return session;
  }

  private boolean isEntitled(Connection session) throws SQLException {
    return AdvisoryLocks.WORK.tryShared(session) && AdvisoryLocks.FENCE.isHeldBy(session, backend);
  }

  private synchronized @Nullable Connection takeSpare() {
    var taken = spare;
    spare = null;
    return taken;
  }

  /**
   * Closes the session that was opened beside the fence's own, where none of this process works.
   */
  public void dismissSpare() {
    var unused = takeSpare();
    if (unused != null) {
      closeAll(unused);
    }
  }

  /** Working sessions for Flyway. */
  public DataSource working(long lockTimeoutMillis, long statementTimeoutMillis) {
    return new OpeningDataSource(() -> openWorking(lockTimeoutMillis, statementTimeoutMillis));
  }

  /** Sessions as the work itself would have them, but that can't write. */
  public DataSource planning(long lockTimeoutMillis, long statementTimeoutMillis) {
    return new OpeningDataSource(
        () -> {
          var session = openWorking(lockTimeoutMillis, statementTimeoutMillis);
          try (var statement = session.createStatement()) {
            statement.execute("SET default_transaction_read_only = on");
            return session;
          } catch (SQLException e) {
            closeAll(session);
            throw e;
          }
        });
  }

  /** Sessions for Flyway to read in, where nobody's names stand in for PostgreSQL's own. */
  public DataSource reading(long lockTimeoutMillis, long statementTimeoutMillis) {
    return new OpeningDataSource(
        () -> {
          var session = openWorking(lockTimeoutMillis, statementTimeoutMillis);
          SearchPath.harden(session);
          return session;
        });
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
    dismissSpare();
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
  public static boolean pause(long millis) {
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

  static void abort(Connection session) {
    try {
      session.abort(Runnable::run);
    } catch (SQLException e) {
      // It is closed already.
    }
  }

  static void closeAll(@Nullable Connection... connections) {
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
