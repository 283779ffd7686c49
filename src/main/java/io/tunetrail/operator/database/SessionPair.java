package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Two sessions with one database, open at the same time. */
record SessionPair(Connection first, Connection second) {

  /** Opens them beside each other: nearly all that a handshake takes is this process's own work. */
  static SessionPair open(Session first, Session second, ConnectionSettings settings)
      throws SQLException {
    var beside =
        CompletableFuture.supplyAsync(() -> opened(second, settings), SessionPair::inBackground);
    Connection own;
    try {
      own = first.open(settings);
    } catch (SQLException | RuntimeException e) {
      var _ = beside.thenAccept(Fence::closeAll);
      throw e;
    }
    try {
      return new SessionPair(own, beside.join());
    } catch (CompletionException e) {
      Fence.closeAll(own);
      if (e.getCause() instanceof SQLException refused) {
        throw refused;
      }
      throw e;
    }
  }

  private static Connection opened(Session session, ConnectionSettings settings) {
    try {
      return session.open(settings);
    } catch (SQLException e) {
      throw new CompletionException(e);
    }
  }

  private static void inBackground(Runnable task) {
    Thread.ofPlatform().daemon().name("second-session").start(task);
  }
}
