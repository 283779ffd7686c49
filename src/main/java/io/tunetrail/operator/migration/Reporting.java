package io.tunetrail.operator.migration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;

/** What a role says at its end: the report in its file, a line in the log, the exit code. */
public record Reporting(Map<String, String> environment, InstantSource clock, WorkLog log) {

  /** Has it done, reports and answers the exit code. */
  public int of(Supplier<WorkResult> work) {
    var started = clock.instant().toString();
    var result = result(work);
    var report = result.report(started, clock.instant().toString(), log);
    write(report);
    log.line(report.summary());
    return result.outcome().exitCode();
  }

  /** Work by an order, which can't be begun before it is read. */
  public interface AssignedWork {
    WorkResult by(Assignment assignment) throws IOException;
  }

  /** The same for work by the order in the environment. */
  public int ofAssigned(AssignedWork work) {
    return of(() -> assigned(work));
  }

  private WorkResult assigned(AssignedWork work) {
    try {
      return switch (Assignment.read(environment)) {
        case Assignment.Reading.Refused refused -> refused.result();
        case Assignment.Reading.Read read -> work.by(read.assignment());
      };
    } catch (IOException e) {
      return WorkResult.failed(
          Outcome.INTERNAL_ERROR, "the mounts can't be read: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      return WorkResult.failed(Outcome.INVALID_INPUT, String.valueOf(e.getMessage()));
    }
  }

  private static WorkResult result(Supplier<WorkResult> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      return WorkResult.failed(
          Outcome.INTERNAL_ERROR, "%s: %s".formatted(e.getClass().getSimpleName(), e.getMessage()));
    }
  }

  private void write(Report report) {
    var file = environment.get(WorkOrder.REPORT_VARIABLE);
    if (file == null) {
      return;
    }
    try {
      Files.writeString(Path.of(file), report.toJson());
    } catch (IOException e) {
      log.line("the report can't be written to %s: %s".formatted(file, e.getMessage()));
    }
  }
}
