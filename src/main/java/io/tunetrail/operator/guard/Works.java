package io.tunetrail.operator.guard;

import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.engine.ProgramSettings;
import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.Assignment;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Outcomes;
import io.tunetrail.operator.migration.WorkLog;
import io.tunetrail.operator.migration.WorkOrder;
import io.tunetrail.operator.migration.WorkResult;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an order asks a user's program for.
 *
 * @param tlsFiles where the program finds the certificates that may sign the server's
 */
record Works(
    Assignment assignment,
    ConnectionSettings settings,
    Hold hold,
    Commands commands,
    SharedFolder shared,
    WorkLog log,
    TlsFiles tlsFiles) {
  private static final String NO_CURRENT_SCHEMA =
      "no schema of the user's search_path exists and may be used; create one, or set"
          + " schema.alembic.versionTableSchema";

  /** Does it; throws for a failure of the database before any command has begun. */
  WorkResult run() throws IOException, SQLException {
    var order = assignment.order();
    return switch (order.task()) {
      case PLAN, MIGRATE, UNDO, BASELINE ->
          order.alembic() == null ? unsaid("Alembic") : alembic(order, order.alembic());
      case CREATE_ALL, SEED ->
          order.program() == null ? unsaid("a program") : program(order, order.program());
      case GENERATE, SETUP, CHECK ->
          order.alembic() == null ? unsaid("Alembic") : byHand(order, order.alembic());
      case LOOK, INSPECT, EXAMINE, BACKUP, VERIFY, RESTORE ->
          WorkResult.failed(Outcome.INVALID_INPUT, order.task() + " needs no guard");
    };
  }

  private static WorkResult unsaid(String what) {
    return WorkResult.failed(Outcome.INVALID_INPUT, "the order has no settings for " + what);
  }

  private WorkResult byHand(WorkOrder order, AlembicSettings alembic)
      throws IOException, SQLException {
    return switch (order.task()) {
      case GENERATE -> new GenerateWork(this, order, alembic).run();
      case SETUP -> new SetupWork(this, order, alembic).run();
      case CHECK -> new CheckWork(this, order, alembic).run();
      case LOOK,
          INSPECT,
          PLAN,
          CREATE_ALL,
          MIGRATE,
          UNDO,
          BASELINE,
          SEED,
          EXAMINE,
          BACKUP,
          VERIFY,
          RESTORE ->
          throw new IllegalArgumentException(order.task() + " is the operator's");
    };
  }

  private WorkResult alembic(WorkOrder order, AlembicSettings alembic)
      throws IOException, SQLException {
    var json = assignment.mounts().revisions();
    if (json == null) {
      return WorkResult.failed(Outcome.INVALID_INPUT, "the image's revisions are not mounted");
    }
    var schema =
        alembic.versionTableSchema() == null ? hold.currentSchema() : alembic.versionTableSchema();
    if (schema == null) {
      return WorkResult.failed(Outcome.INSUFFICIENT_PRIVILEGE, NO_CURRENT_SCHEMA);
    }
    var graph = RevisionGraph.parse(json);
    var work = new AlembicWork(order, alembic, graph, hold, settings, schema);
    if (order.task() == Task.PLAN) {
      return work.planned((way, have) -> new PlanWork(this, order, alembic, graph).run(way, have));
    }
    var live =
        new ProgramEnvironment(order, settings, alembic.program().urls(), tlsFiles, List.of());
    return order.task() == Task.BASELINE
        ? work.run(
            () ->
                new AlembicAdoption(this, order, alembic, work.upgrades(), work.isForNewest())
                    .objection(),
            () -> each(alembic, work.stamps(), live))
        : work.run(Optional::empty, () -> each(alembic, work.arguments(), live));
  }

  /** Runs the image's Alembic once for each, until one fails. */
  Optional<ProgramFailure> each(
      AlembicSettings alembic, List<List<String>> arguments, ProgramEnvironment environment)
      throws IOException {
    for (var one : arguments) {
      var request =
          new HandsRequest(
              Stream.concat(alembic.program().command().stream(), one.stream()).toList(),
              environment.variables(),
              alembic.config(),
              assignment.order().inputsDigest(),
              environment.urlsByDriver());
      var failure = commands.run(request, environment.settings());
      if (failure.isPresent()) {
        return failure;
      }
    }
    return Optional.empty();
  }

  private WorkResult program(WorkOrder order, ProgramSettings program)
      throws IOException, SQLException {
    if (order.task() == Task.SEED && order.environment() == Environment.PRODUCTION) {
      return WorkResult.failed(
          Outcome.INVALID_INPUT, "fixtures are for development and staging, never for production");
    }
    var history = hold.openHistory(null);
    var applied =
        order.task() == Task.SEED
            ? history.seedDigest(order.resourceUid())
            : history.createAllDigest();
    if (applied.equals(Optional.of(order.inputsDigest()))) {
      return new WorkResult(Outcome.DONE, null, null, 0, null);
    }
    hold.begin();
    var environment = new ProgramEnvironment(order, settings, program.urls(), tlsFiles, List.of());
    var request =
        new HandsRequest(program.command(), environment.variables(), null, null, Map.of());
    return finished(commands.run(request, settings));
  }

  private WorkResult finished(Optional<ProgramFailure> failure) {
    var outcome = failure.map(ProgramFailure::outcome).orElse(Outcome.DONE);
    var message = failure.map(ProgramFailure::message).orElse(null);
    if (outcome == Outcome.LOCK_LOST) {
      return new WorkResult(outcome, null, null, 0, message);
    }
    try {
      if (outcome == Outcome.DONE && assignment.order().task().changesSchema()) {
        hold.done(null, List.of(), null);
      } else {
        hold.finish(outcome.text(), null, List.of());
      }
      return new WorkResult(outcome, null, null, outcome == Outcome.DONE ? 1 : 0, message);
    } catch (SQLException e) {
      return notNoted(e, outcome, message);
    }
  }

  /** What create-all did counts only once it is noted. */
  private WorkResult notNoted(SQLException e, Outcome outcome, @Nullable String message) {
    var lost = SqlFailure.of(e, settings);
    return outcome == Outcome.DONE
        ? WorkResult.failed(Outcomes.duringWork(lost.reason()), lost.detail())
        : new WorkResult(outcome, null, null, 0, message);
  }
}
