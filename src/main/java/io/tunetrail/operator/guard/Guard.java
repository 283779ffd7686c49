package io.tunetrail.operator.guard;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.Fence;
import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.migration.Assignment;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Outcomes;
import io.tunetrail.operator.migration.PlannedDatabase;
import io.tunetrail.operator.migration.WorkLog;
import io.tunetrail.operator.migration.WorkOrder;
import io.tunetrail.operator.migration.WorkResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One guard's straight line: order, fence, the program's work, the report by which its container
 * ends, and then staying until the pod does.
 */
final class Guard {
  private static final long SIGN_MILLIS = 1000;
  private static final long LONGEST_END_SECONDS = 20;

  /** Of a container that a signal ended, for outcomes that are no program's own. */
  private static final int TERMINATED = 143;

  private final Map<String, String> environment;
  private final InstantSource clock;
  private final WorkLog log;
  private final boolean alone;
  private final SharedFolder shared;
  private final Door door;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean working;
  private volatile boolean over;

  /** In a pod, whose address nobody else has. */
  Guard(Map<String, String> environment, Path shared, int port, InstantSource clock, WorkLog log) {
    this(environment, shared, port, clock, log, true);
  }

  /**
   * A guard.
   *
   * @param alone whether nobody but its program has this address; else sessions are its program's
   *     by their application_name alone
   */
  Guard(
      Map<String, String> environment,
      Path shared,
      int port,
      InstantSource clock,
      WorkLog log,
      boolean alone) {
    this.environment = environment;
    this.alone = alone;
    this.shared = new SharedFolder(shared);
    this.clock = clock;
    this.log = log;
    door = new Door(port);
  }

  /** Works, lets the program's container report, and stays until {@link #stop}. */
  int run() throws IOException {
    try (door) {
      shared.writeHands();
      shared.touch(clock.instant());
      Thread.ofPlatform().daemon().name("sign-of-life").start(this::giveSigns);
      if (!shared.hasEnded()) {
        var started = clock.instant().toString();
        end(guarded(), started);
      }
      door.open();
      ended.countDown();
      stopping.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      over = true;
      ended.countDown();
    }
    return 0;
  }

  /**
   * The pod ends: what a program is at is brought to an end, and noted.
   *
   * @return whether {@link #run} was still under way
   */
  boolean stop() {
    boolean underWay = !over;
    stopping.countDown();
    if (working) {
      try {
        boolean _ = ended.await(LONGEST_END_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return underWay;
  }

  private void giveSigns() {
    while (!over && Fence.pause(SIGN_MILLIS)) {
      try {
        shared.touch(clock.instant());
      } catch (IOException e) {
        log.line("the sign of life can't be given: " + e.getMessage());
      }
    }
  }

  private WorkResult guarded() {
    try {
      return switch (Assignment.read(environment)) {
        case Assignment.Reading.Refused refused -> refused.result();
        case Assignment.Reading.Read read -> assigned(read.assignment());
      };
    } catch (IOException e) {
      return WorkResult.failed(
          Outcome.INTERNAL_ERROR, "a mounted file can't be read or written: " + e.getMessage());
    } catch (RuntimeException e) {
      return WorkResult.failed(
          Outcome.INTERNAL_ERROR, "%s: %s".formatted(e.getClass().getSimpleName(), e.getMessage()));
    }
  }

  private WorkResult assigned(Assignment assignment) throws IOException {
    if (shared.hasStarted()) {
      return new Aftermath(assignment, shared, log).end();
    }
    return switch (new Waiting(assignment, log).end()) {
      case Waiting.End.Never never -> never.result();
      case Waiting.End.Held held -> {
        try (var taken = new Hold(assignment.order(), held.settings(), held.fence(), log, alone)) {
          working = true;
          yield work(assignment, held.settings(), taken);
        }
      }
    };
  }

  private WorkResult work(Assignment assignment, ConnectionSettings settings, Hold held)
      throws IOException {
    var tlsFiles = shared.writeTlsFiles("", settings);
    var commands = new Commands(assignment.order(), shared, door, held, stopping, log);
    try {
      var elsewhere = held.ask(it -> PlannedDatabase.objection(assignment.order(), it));
      return elsewhere.isPresent()
          ? elsewhere.get()
          : new Works(assignment, settings, held, commands, shared, log, tlsFiles).run();
    } catch (SQLException e) {
      var failure = SqlFailure.of(e, settings);
      return WorkResult.failed(Outcomes.beforeWork(failure.reason()), failure.detail());
    }
  }

  /** Says it where the status reads it, in the program's container, and in this one. */
  private void end(WorkResult result, String started) throws IOException {
    var report = result.report(started, clock.instant().toString(), log);
    int exitCode = report.outcome().exitCode();
    var json = report.toJson();
    shared.end(exitCode < 0 ? TERMINATED : exitCode, json);
    var file = environment.get(WorkOrder.REPORT_VARIABLE);
    if (file != null) {
      Files.writeString(Path.of(file), json);
    }
    log.line(report.summary());
  }
}
