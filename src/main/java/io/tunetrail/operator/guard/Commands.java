package io.tunetrail.operator.guard;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.ProgramBackends.Overdue;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Outcomes;
import io.tunetrail.operator.migration.WorkLog;
import io.tunetrail.operator.migration.WorkOrder;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Has the hands run commands, one after the other, and watches the database while they do. */
final class Commands {
  private static final long POLL_MILLIS = 50;
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final WorkOrder order;
  private final SharedFolder shared;
  private final Door door;
  private final Hold hold;
  private final CountDownLatch stopping;
  private final WorkLog log;
  private int number;
  private long lookedAt;
  private @Nullable Overdue overdue;

  Commands(
      WorkOrder order,
      SharedFolder shared,
      Door door,
      Hold hold,
      CountDownLatch stopping,
      WorkLog log) {
    this.order = order;
    this.shared = shared;
    this.door = door;
    this.hold = hold;
    this.stopping = stopping;
    this.log = log;
  }

  /**
   * Runs one; the answer is why it failed.
   *
   * @param settings of the database that it works on
   */
  Optional<ProgramFailure> run(HandsRequest request, ConnectionSettings settings)
      throws IOException {
    log.line(String.join(" ", request.command()));
    overdue = null;
    lookedAt = System.nanoTime();
    shared.markStarted();
    shared.request(++number, request);
    door.open();
    while (true) {
      var answer = shared.answer(number);
      if (answer.isPresent()) {
        return ended(answer.get(), settings);
      }
      if (isStopping()) {
        return stopped();
      }
      var lost = look();
      if (lost.isPresent()) {
        return lockLost(lost.get());
      }
    }
  }

  private boolean isStopping() {
    try {
      return stopping.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Once a second; the answer is why the right to work is gone. */
  private Optional<String> look() {
    if (System.nanoTime() - lookedAt < LOOK_NANOS) {
      return Optional.empty();
    }
    lookedAt = System.nanoTime();
    if (hold.isLost()) {
      return hold.regain();
    }
    try {
      hold.endOverdue().ifPresent(it -> overdue = it);
    } catch (SQLException e) {
      log.line("the database can't be watched now: " + e.getMessage());
    }
    return Optional.empty();
  }

  private Optional<ProgramFailure> ended(HandsAnswer answer, ConnectionSettings settings)
      throws IOException {
    var lost = hold.isLost() ? hold.regain() : Optional.<String>empty();
    if (lost.isPresent()) {
      return lockLost(lost.get());
    }
    try {
      hold.endBusy();
    } catch (SQLException e) {
      log.line("what the command left at work can't be ended: " + e.getMessage());
    }
    if (answer.scriptsChanged()) {
      return failure(
          Outcome.INPUTS_CHANGED,
          "the image holds other revisions than those that were planned, %s"
              .formatted(order.inputsDigest()));
    }
    if (answer.exitCode() == 0) {
      return Optional.empty();
    }
    return overdue == null
        ? Optional.of(ProgramFailure.of(answer, order.task(), settings))
        : failure(Outcomes.duringWork(overdue.reason()), overdue.detail());
  }

  /** The program's container is gone already: a sidecar is told to end last. */
  private Optional<ProgramFailure> stopped() throws IOException {
    shared.stop();
    hold.endAllButBuilders();
    return failure(Outcome.LOST, "the pod ended before the command did");
  }

  private Optional<ProgramFailure> lockLost(String why) throws IOException {
    shared.stop();
    hold.endAll();
    return failure(
        Outcome.LOCK_LOST,
        "the connection that held the database's lock was cut, and the lock is gone: " + why);
  }

  private static Optional<ProgramFailure> failure(Outcome outcome, String message) {
    return Optional.of(new ProgramFailure(outcome, message));
  }
}
