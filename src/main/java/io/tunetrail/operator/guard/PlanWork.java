package io.tunetrail.operator.guard;

import io.tunetrail.operator.analysis.Analysis;
import io.tunetrail.operator.analysis.PlannedStatement;
import io.tunetrail.operator.analysis.Squawk;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.engine.RevisionGraph.Revision;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.PlanAnalysis;
import io.tunetrail.operator.migration.PlanFrame;
import io.tunetrail.operator.migration.WorkOrder;
import io.tunetrail.operator.migration.WorkResult;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of the image's revisions. Its own Alembic prints it without a database; where the project
 * can't do that, they run on a scratch database, and what they executed is told.
 */
final class PlanWork {
  private static final String READ_ONLY = " -c default_transaction_read_only=on";

  private final Works works;
  private final WorkOrder order;
  private final AlembicSettings alembic;
  private final RevisionGraph graph;
  private final List<PlannedStatement> statements = new ArrayList<>();
  private final Set<String> told = new HashSet<>();

  PlanWork(Works works, WorkOrder order, AlembicSettings alembic, RevisionGraph graph) {
    this.works = works;
    this.order = order;
    this.alembic = alembic;
    this.graph = graph;
  }

  /**
   * Tells it in the log.
   *
   * @param arguments what would be appended to the image's Alembic command, command by command
   * @param have the revisions that the database has
   */
  WorkResult run(List<List<String>> arguments, List<String> have) throws IOException, SQLException {
    if (order.planned() == Task.BASELINE) {
      return told(have);
    }
    var offline = offline(arguments, have);
    if (offline.isEmpty()) {
      return told(have);
    }
    var why = offline.get();
    if (isFinal(why.outcome())) {
      return WorkResult.failed(why.outcome(), why.message());
    }
    works.log().line("not planned without a database: " + why.message());
    statements.clear();
    told.clear();
    var result = executed(arguments, have);
    if (result.outcome() == Outcome.DONE) {
      return told(have);
    }
    return isFinal(result.outcome())
        ? result
        : WorkResult.failed(
            Outcome.PLAN_UNAVAILABLE,
            "the revisions tell no SQL without a database (%s), nor on a scratch database: %s"
                .formatted(why.message(), result.message()));
  }

  /** Whether another way of planning would end as this one did. */
  private static boolean isFinal(Outcome outcome) {
    return switch (outcome) {
      case LOST, LOCK_LOST, INPUTS_CHANGED, ALEMBIC_NOT_CONFIGURED -> true;
      default -> false;
    };
  }

  private WorkResult told(List<String> have) throws IOException, SQLException {
    try {
      works.log().frame(PlanFrame.lines(statements, analysis(have), works.log()));
      return new WorkResult(Outcome.DONE, order.from(), order.from(), 0, null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return WorkResult.failed(Outcome.LOST, "it was ended while it planned");
    }
  }

  /** Revisions may change what a server's databases share, so that only another server will do. */
  private Analysis analysis(List<String> have)
      throws IOException, SQLException, InterruptedException {
    var analysis = new PlanAnalysis(Squawk.installed());
    try (var live = works.hold().openWorking()) {
      live.setReadOnly(true);
      if (!(works.assignment().scratch() instanceof Resolution.Resolved)) {
        return analysis.of(statements, live, null);
      }
      var made = new AtomicReference<@Nullable Analysis>();
      var database = new DraftDatabase(works, order, alembic);
      var result =
          database.write(
              (environment, scratch) -> {
                var failure = broughtTo(have, database, environment);
                if (failure.isEmpty()) {
                  try (var connection = scratch.open()) {
                    made.set(analysis.of(statements, live, connection));
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }
                return failure;
              });
      var known = made.get();
      if (known == null) {
        works.log().line("analysed without a scratch database: " + result.message());
      }
      return known == null ? analysis.of(statements, live, null) : known;
    }
  }

  private static Optional<ProgramFailure> broughtTo(
      List<String> revisions, DraftDatabase database, ProgramEnvironment environment)
      throws IOException {
    for (var revision : revisions) {
      var failure = database.alembic(List.of("upgrade", revision), environment);
      if (failure.isPresent()) {
        return failure;
      }
    }
    return Optional.empty();
  }

  /** By {@code --sql}, which meets no database, or one that it can't write to. */
  private Optional<ProgramFailure> offline(List<List<String>> arguments, List<String> have)
      throws IOException {
    var live =
        new ProgramEnvironment(
            order, works.settings(), alembic.program().urls(), works.tlsFiles(), List.of());
    var heads = have;
    for (var one : arguments) {
      var variables = new LinkedHashMap<>(live.variables());
      variables.merge("PGOPTIONS", READ_ONLY, String::concat);
      variables.put("TUNETRAIL_FROM", String.join(",", heads));
      var from = heads.isEmpty() ? "base" : heads.getFirst();
      var way = List.of(one.getFirst(), "--sql", from + ":" + one.getLast());
      var failure = record("offline", way, variables, live);
      if (failure.isPresent()) {
        return failure;
      }
      heads = works.shared().plan().heads();
    }
    return incomplete(have);
  }

  /** On a scratch database, which is first brought to where the live one is. */
  private WorkResult executed(List<List<String>> arguments, List<String> have)
      throws IOException, SQLException {
    var database = new DraftDatabase(works, order, alembic);
    return database.write(
        (environment, _) -> {
          var before = broughtTo(have, database, environment);
          if (before.isPresent()) {
            return before;
          }
          for (var one : arguments) {
            var failure = record("executed", one, environment.variables(), environment);
            if (failure.isPresent()) {
              return failure;
            }
          }
          return incomplete(have);
        });
  }

  private Optional<ProgramFailure> record(
      String mode,
      List<String> arguments,
      Map<String, String> variables,
      ProgramEnvironment environment)
      throws IOException {
    works.shared().forgetPlan();
    var program = alembic.program();
    var command = new ArrayList<>(program.python());
    command.add(works.shared().write(ImageScript.PLANS));
    command.add(mode);
    command.addAll(program.command());
    command.addAll(arguments);
    var request =
        new HandsRequest(
            command, variables, alembic.config(), order.inputsDigest(), environment.urlsByDriver());
    var failure = works.commands().run(request, environment.settings());
    if (failure.isEmpty()) {
      var plan = works.shared().plan();
      told.addAll(plan.revisions());
      statements.addAll(plan.statements());
    }
    return failure;
  }

  /** An env.py may end well and have run nothing. */
  private Optional<ProgramFailure> incomplete(List<String> have) {
    var missing = expected(have);
    missing.removeAll(told);
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ProgramFailure(
                Outcome.PROGRAM_FAILED,
                "env.py ends well and runs none of the revisions "
                    + missing.stream().sorted().collect(Collectors.joining(", "))));
  }

  private Set<String> expected(List<String> have) {
    var target =
        order.target() == null
            ? List.<String>of()
            : List.of(Objects.requireNonNull(order.target()).split(","));
    if (order.planned() == Task.UNDO) {
      return ids(graph.above(have, target));
    }
    var expected = ids(graph.ancestry(target));
    expected.removeAll(ids(graph.ancestry(have)));
    return expected;
  }

  private static Set<String> ids(List<Revision> revisions) {
    return revisions.stream().map(Revision::id).collect(Collectors.toCollection(HashSet::new));
  }
}
