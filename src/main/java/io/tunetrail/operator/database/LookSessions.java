package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The sessions of one look; when its time is over their sockets are closed, whatever they wait for.
 */
class LookSessions implements AutoCloseable {
  private static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("look-timeout").factory());

  private final ConnectionSettings settings;
  private final String application;
  private final long deadline;
  private final List<Connection> open = new CopyOnWriteArrayList<>();
  private final ScheduledFuture<?> alarm;
  private volatile boolean over;

  LookSessions(ConnectionSettings settings, String application, Duration timeout) {
    this.settings = settings;
    this.application = application;
    deadline = System.nanoTime() + timeout.toNanos();
    alarm = CLOCK.schedule(this::end, timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** A session as the user's own, with nothing changed in it yet. */
  Connection open() throws SQLException {
    var left = remaining();
    var connection = new Session(application, left, left).open(settings);
    open.add(connection);
    if (over) {
      abort(connection);
    }
    return connection;
  }

  /**
   * A session that can't write, for Flyway; only behind a server that gives each connection a
   * backend of its own.
   */
  Connection openReadOnly() throws SQLException {
    var connection = open();
    try (var statement = connection.createStatement()) {
      statement.execute("SET default_transaction_read_only = on");
      statement.execute("SET search_path = pg_catalog, pg_temp");
      statement.execute("SET statement_timeout = " + remaining().toMillis());
      if (settings.role() != null) {
        statement.execute("SET ROLE " + Identifier.quoted(settings.role()));
      }
    }
    return connection;
  }

  Duration remaining() throws SQLException {
    long nanos = deadline - System.nanoTime();
    if (nanos <= 0) {
      throw new SQLTimeoutException("the look's time is over", "08006");
    }
    return Duration.ofNanos(nanos).plusMillis(1);
  }

  boolean isOver() {
    return over || System.nanoTime() >= deadline;
  }

  @Override
  public void close() {
    alarm.cancel(false);
    for (var connection : open) {
      try {
        connection.close();
      } catch (SQLException e) {
        abort(connection);
      }
    }
  }

  private void end() {
    over = true;
    open.forEach(LookSessions::abort);
  }

  /** In a thread of its own, because closing a socket may wait for who reads it. */
  private static void abort(Connection connection) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                connection.abort(Runnable::run);
              } catch (SQLException e) {
                // It is closed already.
              }
            });
  }
}
