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
    var plan = decided();
    return observed.plan() != null && isUnwanted(plan.progress())
        ? plan.keeping(new Keeping.NoPlan())
        : plan;
  }

  /** A plan is wanted for as long as something of it is pending. */
  private boolean isUnwanted(@Nullable Progress progress) {
    return !desired.plans() || (progress != null && progress.pending().isEmpty());
  }

  private Plan decided() {
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
      case Inspection.Known(RevisionGraph graph, _, _) -> alembic(schema, graph);
      case Inspection.NotNeeded _, Inspection.Known(ScriptListing _, _, _) ->
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
      var underWay = attempts().underWay(running.get(), progress);
      return desired.gated() && running.get().task() == Task.PLAN ? underWay.closed() : underWay;
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
    var bound = Progress.way(progress.task(), settings);
    return desired.plans() ? planned(candidate(progress, bound)) : unplanned(progress, bound);
  }

  private Plan unplanned(Progress progress, String settings) {
    if (!desired.gated()) {
      return startInTime(progress, approval());
    }
    return switch (Gate.of(desired, progress, settings, approval())) {
      case Gate.Closed closed -> say(closed.verdict(), progress).closed();
      case Gate.Open open -> startInTime(progress, open.memory());
    };
  }

  private Plan startInTime(Progress progress, @Nullable ApprovalStatus memory) {
    var now = observed.now();
    return Timing.objection(desired, now)
        .map(it -> later(it, progress, memory))
        .orElseGet(() -> attempts().start(progress.task(), progress, memory));
  }

  private Plan later(Timing.Later later, Progress progress, @Nullable ApprovalStatus memory) {
    var plan = Plan.say(later.verdict(), progress, memory, later.lookAgain(observed.now()));
    return later.verdict().reason() == Reason.APPROVAL_EXPIRED ? plan.closed() : plan;
  }

  /** Alembic's revisions may read any file beside them, which only the image's digest binds. */
  private Candidate candidate(Progress progress, String settings) {
    var pinned = observed.pinned(desired);
    var besides = desired.alembic() == null || pinned != null ? null : observed.scriptsDigest();
    return new Candidate(progress, settings, facts.identity(), pinned, besides);
  }

  /** A list that is approved goes on without another plan. */
  private Plan planned(Candidate candidate) {
    var progress = candidate.progress();
    boolean isKept = observed.plan() != null && observed.plan().digest().equals(candidate.digest());
    if (!desired.gated()) {
      return isKept ? startInTime(progress, approval()) : attempts().plan(candidate, approval());
    }
    var gate =
        desired.approvesPlans()
            ? PlanGate.of(desired, candidate, approval(), observed.plan())
            : Gate.of(desired, progress, candidate.settings(), approval());
    return switch (gate) {
      case Gate.Open open -> startInTime(progress, open.memory());
      case Gate.Closed closed ->
          (isKept
                  ? Plan.say(closed.verdict(), progress, closed.memory(), Lifecycle.PERIOD)
                  : attempts().plan(candidate, closed.memory()))
              .closed();
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
