package io.tunetrail.operator.cli;

import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.Verdict;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Report;
import io.tunetrail.operator.status.Conditions;
import java.io.PrintStream;
import java.util.Objects;

/** Brings a database to where its manifest wants it, one work after the other, from here. */
record LocalMigration(LocalProject project, PrintStream log) {
  /** Adopting, migrating and seeding are three; more is a circle. */
  private static final int WORKS = 5;

  /** Answers what is said of the database at the end. */
  String run() throws CommandFailure {
    for (int works = 0; works <= WORKS; works++) {
      var decided = new LocalDatabase(project).decide();
      var work = decided.plan().start();
      if (work == null) {
        return ended(decided.database());
      }
      check(new LocalWork(project, log).run(work));
    }
    throw new CommandFailure("%s does not get ready; see its status".formatted(name()));
  }

  private void check(Report report) throws CommandFailure {
    if (report.outcome() == Outcome.DONE) {
      return;
    }
    var reason = report.outcome().reason();
    throw failure(
        reason, new Verdict(reason, Objects.requireNonNullElse(report.message(), "")).message());
  }

  private String ended(Database database) throws CommandFailure {
    var message = database.condition(Conditions.READY).map(Condition::message).orElse("");
    if (database.isReady()) {
      return message;
    }
    throw failure(database.reason().orElse(Reason.INTERNAL_ERROR), message);
  }

  private CommandFailure failure(Reason reason, String message) {
    var code =
        switch (reason.kind()) {
          case STALLED -> ExitCode.STALLED;
          case GATED -> reason == Reason.SUSPENDED ? ExitCode.STALLED : ExitCode.AWAITS_APPROVAL;
          case READY, WORKING, HEALING -> ExitCode.NOT_DONE;
        };
    return new CommandFailure(code, "%s: %s: %s".formatted(name(), reason, message));
  }

  private String name() {
    return project.resource().getMetadata().getName();
  }
}
