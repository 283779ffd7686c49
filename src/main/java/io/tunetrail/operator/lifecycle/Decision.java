package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.ApprovalStatus;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.engine.ScriptListing;
import io.tunetrail.operator.lifecycle.AlembicRoute.Found;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The chain of checks on a database that answered: the first that objects decides. */
record Decision(Desired desired, Observed observed, DatabaseFacts facts) {

  Plan plan() {
    var unfit = Fitness.objection(desired, observed, facts);
    if (unfit.isPresent()) {
      return Plan.say(unfit.get(), null, approval(), Lifecycle.PERIOD_AWAY);
    }
    return switch (facts.schema()) {
      case SchemaState.Unreadable unreadable ->
          say(new Verdict(Reason.INVALID_SCRIPTS, unreadable.detail()), null);
      case SchemaState.CreateAll createAll -> createAll(createAll);
      case SchemaState.Flyway schema -> flyway(schema);
      case SchemaState.Alembic schema -> alembic(schema);
    };
  }

  private Plan createAll(SchemaState.CreateAll schema) {
    if (observed.scriptsDigest().equals(schema.appliedDigest())) {
      return seeded(Progress.NONE, created());
    }
    var drifted = drifted(Task.CREATE_ALL);
    return drifted.isPresent()
        ? say(drifted.get(), Progress.NONE)
        : attempts().start(Task.CREATE_ALL, Progress.NONE, approval());
  }

  private Verdict created() {
    var kept =
        facts.foreignHistories().stream()
            .map(DatabaseFacts.ForeignHistory::table)
            .collect(Collectors.joining(" and "));
    return new Verdict(
        Reason.UP_TO_DATE,
        kept.isEmpty()
            ? "all of spec.schema.createAll is applied"
            : "all of spec.schema.createAll is applied; the history in %s is kept and not used"
                .formatted(kept));
  }

  private Plan flyway(SchemaState.Flyway schema) {
    return switch (observed.inspection()) {
      case Inspection.Missing _ -> attempts().inspect(approval());
      case Inspection.NotNeeded _, Inspection.Known _ -> {
        var progress = new FlywayRoute(desired, facts, schema).progress();
        yield versioned(
            progress,
            desired.settingsDigest(),
            HistoryCheck.objection(desired, facts, schema, progress));
      }
    };
  }

  private Plan alembic(SchemaState.Alembic schema) {
    return switch (observed.inspection()) {
      case Inspection.Missing _ -> attempts().inspect(approval());
      case Inspection.Known(RevisionGraph graph, _) -> alembic(schema, graph);
      case Inspection.NotNeeded _, Inspection.Known(ScriptListing _, _) ->
          throw new IllegalStateException("Alembic's revisions are known from its image only");
    };
  }

  private Plan alembic(SchemaState.Alembic schema, RevisionGraph graph) {
    return switch (new AlembicRoute(desired, facts, schema, graph).find()) {
      case Found.NoWay none -> say(none.verdict(), none.progress());
      case Found.Way way ->
          versioned(
              way.progress(),
              desired.settingsDigest() + graph.environment(),
              HistoryCheck.objection(desired, facts, schema, way.progress()));
    };
  }

  private Plan versioned(Progress progress, String settings, Optional<Verdict> objection) {
    var running = observed.running();
    if (running.isPresent() && !progress.pending().isEmpty()) {
      return attempts().underWay(running.get(), progress);
    }
    if (objection.isPresent()) {
      return say(objection.get(), progress);
    }
    if (progress.pending().isEmpty()) {
      return current(progress);
    }
    var drifted = drifted(progress.task());
    if (drifted.isPresent()) {
      return say(drifted.get(), progress);
    }
    if (!desired.gated()) {
      return attempts().start(progress.task(), progress, approval());
    }
    var bound = Progress.way(progress.task(), settings);
    return switch (Gate.of(desired, progress, bound, approval())) {
      case Gate.Closed closed -> say(closed.verdict(), progress);
      case Gate.Open open -> attempts().start(progress.task(), progress, open.memory());
    };
  }

  /** What runs already is not stopped by it. */
  private Optional<Verdict> drifted(Task task) {
    return observed.running().isPresent()
        ? Optional.empty()
        : new DriftCheck(desired, facts.drift()).objection(task);
  }

  private Plan current(Progress progress) {
    var detail =
        progress.current() == null
            ? "there is nothing to migrate"
            : "the database is at version " + progress.current() + invalidIndexes();
    return seeded(progress, new Verdict(Reason.UP_TO_DATE, detail));
  }

  /** A script that makes an index only where none exists takes what a failure left for one. */
  private String invalidIndexes() {
    return facts.invalidIndexes().isEmpty()
        ? ""
        : "; these indexes are invalid, as a failed CREATE INDEX CONCURRENTLY leaves them: "
            + String.join(", ", facts.invalidIndexes());
  }

  /** Fixtures come once the schema is current. */
  private Plan seeded(Progress progress, Verdict current) {
    var memory = Gate.atTarget(desired, progress, approval());
    var wanted = observed.seedDigest();
    return wanted == null || Objects.equals(wanted, facts.seedDigest())
        ? Plan.say(current, progress, memory, Lifecycle.PERIOD)
        : attempts().start(Task.SEED, progress, memory);
  }

  private Attempts attempts() {
    return new Attempts(desired, observed, facts);
  }

  private @Nullable ApprovalStatus approval() {
    return observed.memory().approval();
  }

  private Plan say(Verdict verdict, @Nullable Progress progress) {
    return Plan.say(verdict, progress, approval(), Lifecycle.PERIOD);
  }
}
