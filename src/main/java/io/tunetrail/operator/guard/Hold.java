package io.tunetrail.operator.guard;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.Fence;
import io.tunetrail.operator.database.ProgramBackends;
import io.tunetrail.operator.database.ProgramBackends.Overdue;
import io.tunetrail.operator.database.WorkHistory;
import io.tunetrail.operator.migration.HistoryEntry;
import io.tunetrail.operator.migration.WorkLog;
import io.tunetrail.operator.migration.WorkOrder;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The right to work while a program works: the fence, which is regained when its connection dies,
 * and the row of tunetrail.history.
 */
final class Hold implements AutoCloseable {
  private static final Duration REGAIN = Duration.ofSeconds(10);
  private static final Duration REGAIN_ATTEMPT = Duration.ofMillis(500);
  private static final long REGAIN_PAUSE = 250;

  private final WorkOrder order;
  private final ConnectionSettings settings;
  private final WorkLog log;
  private final boolean alone;
  private Fence fence;
  private @Nullable ProgramBackends backends;
  private @Nullable String historySchema;
  private long row;
  private boolean stillBuilding;

  /**
   * Of a fence that is held.
   *
   * @param alone whether nobody but the program has this address
   */
  Hold(WorkOrder order, ConnectionSettings settings, Fence fence, WorkLog log, boolean alone) {
    this.order = order;
    this.alone = alone;
    this.settings = settings;
    this.fence = fence;
    this.log = log;
  }

  <T> T ask(Fence.Question<T> question) throws SQLException {
    return fence.ask(question);
  }

  /** Where the user's unqualified names go; null where no schema of the search path exists. */
  @Nullable String currentSchema() {
    return fence.currentSchema();
  }

  /** A session as the program's own would be; the caller closes it. */
  Connection openWorking() throws SQLException {
    return fence.openWorking(order.lockTimeoutMillis(), order.statementTimeoutMillis());
  }

  /** The table of works, made where it is missing; null for works without an engine's history. */
  WorkHistory openHistory(@Nullable String schema) throws SQLException {
    historySchema = schema;
    var history = history();
    history.open(settings);
    return history;
  }

  private WorkHistory history() {
    return new WorkHistory(fence, historySchema);
  }

  /** Notes that a program begins to work. */
  void begin() throws SQLException {
    var beside =
        alone
            ? fence.ask(it -> ProgramBackends.beside(it, settings, order.job()))
            : new ProgramBackends(settings, order.job(), null);
    row = history().begin(HistoryEntry.of(order.task().toString(), order));
    history().programWorks(row, beside.address());
    backends = beside;
  }

  /** Whether a program may be at work. */
  boolean hasBegun() {
    return backends != null;
  }

  /** Notes how it ended; by a row that stays open the next Job knows what to wait for. */
  void finish(String outcome, @Nullable String version, List<String> versions) throws SQLException {
    if (!stillBuilding) {
      history().finish(row, outcome, version, versions);
    }
  }

  /**
   * Notes that it ended well, and what schema it left.
   *
   * @param historyTable the engine's; null for create-all
   */
  void done(@Nullable String version, List<String> versions, @Nullable String historyTable)
      throws SQLException {
    if (!stillBuilding) {
      history().done(row, version, versions, historyTable).ifPresent(log::unrecorded);
    }
  }

  /**
   * Ends whoever waits for a lock or executes a statement for too long.
   *
   * @return one that was ended
   */
  Optional<Overdue> endOverdue() throws SQLException {
    if (backends == null) {
      return Optional.empty();
    }
    var beside = backends;
    var ended =
        fence.ask(
            it ->
                beside.endOverdue(
                    it,
                    Duration.ofMillis(order.lockTimeoutMillis()),
                    Duration.ofMillis(order.statementTimeoutMillis())));
    ended.forEach(it -> log.line(it.detail()));
    return ended.stream().findFirst();
  }

  /** Ends what a command that is over has left at work. */
  void endBusy() throws SQLException {
    if (backends != null) {
      var ended = fence.ask(backends::endBusy);
      if (ended > 0) {
        log.line("ended %d server processes that went on without their program".formatted(ended));
      }
      stillBuilding = fence.ask(backends::isBuildingIndex);
    }
  }

  /** Ends all that the program does, over a connection of its own, with or without the fence. */
  void endAll() {
    end(ProgramBackends::endAll);
  }

  /**
   * Ends what the program does, but for an index that is built concurrently: cut off it would stay
   * invalid, and a script that makes it only where none exists would take it for done.
   */
  void endAllButBuilders() {
    end(ProgramBackends::endAllButBuilders);
    try {
      stillBuilding = backends != null && fence.ask(backends::isBuildingIndex);
    } catch (SQLException e) {
      log.line("what the program left at work can't be seen: " + e.getMessage());
    }
  }

  /** How a Job's server processes are ended. */
  private interface Ending {
    int end(ConnectionSettings settings, String job) throws SQLException;
  }

  private void end(Ending ending) {
    try {
      int ended = ending.end(settings, order.job());
      log.line("ended the program's server processes: " + ended);
    } catch (SQLException e) {
      log.line("the program's server processes can't be ended: " + e.getMessage());
    }
  }

  /** Whether the fence's connection is gone. */
  boolean isLost() {
    return fence.isLost();
  }

  /** Takes the lock once more; why not, where it can't or somebody else worked meanwhile. */
  Optional<String> regain() {
    log.line("the connection that holds the database's lock is gone; taking it again");
    var regained = CompletableFuture.supplyAsync(this::taken, Hold::inBackground);
    try {
      return regained.get(REGAIN.toMillis(), TimeUnit.MILLISECONDS).refusal(this);
    } catch (TimeoutException e) {
      var _ = regained.thenAccept(Taken::discard);
      return Optional.of("it could not be taken again within %d s".formatted(REGAIN.toSeconds()));
    } catch (ExecutionException e) {
      return Optional.of(String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  private static void inBackground(Runnable task) {
    Thread.ofPlatform().daemon().name("fence-regain").start(task);
  }

  /** What trying to take the lock again gave. */
  private record Taken(@Nullable Fence fence, String detail) {

    Optional<String> refusal(Hold hold) {
      return fence == null ? Optional.of(detail) : hold.adopt(fence);
    }

    void discard() {
      if (fence != null) {
        fence.close();
      }
    }
  }

  private Taken taken() {
    long deadline = System.nanoTime() + REGAIN.toNanos();
    var detail = "";
    do {
      try {
        switch (Fence.acquire(settings, "tunetrail/" + order.job(), REGAIN_ATTEMPT, false)) {
          case Fence.Attempt.Held held -> {
            return new Taken(held.fence(), "");
          }
          case Fence.Attempt.Refused refused -> {
            if (isAnothers(refused)) {
              return new Taken(null, refused.detail());
            }
            detail = refused.detail();
          }
        }
      } catch (SQLException e) {
        detail = String.valueOf(e.getMessage());
      }
    } while (System.nanoTime() < deadline && Fence.pause(REGAIN_PAUSE));
    return new Taken(null, detail);
  }

  /** The server may not have noticed yet that the cut connection is gone. */
  private boolean isAnothers(Fence.Attempt.Refused refused) {
    return refused.reason() == Reason.LOCK_NOT_OBTAINED
        && !refused.detail().startsWith(ProgramBackends.applicationName(order.job()));
  }

  /** Goes on with it, unless somebody else worked meanwhile. */
  private Optional<String> adopt(Fence regained) {
    regained.dismissSpare();
    fence.close();
    fence = regained;
    try {
      if (!hasBegun() || history().isUnderWay(row)) {
        log.line("the database's lock is held again, nobody else had it");
        return Optional.empty();
      }
      return Optional.of("somebody else worked on the database meanwhile");
    } catch (SQLException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    fence.close();
  }
}
