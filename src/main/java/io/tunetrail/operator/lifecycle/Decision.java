package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.ApprovalStatus;
import io.tunetrail.operator.api.PlanRequestStatus;
import io.tunetrail.operator.api.PlanRequestStatus.Outcome;
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
    var tidy =
        observed.plan() != null && isUnwanted(plan.progress())
            ? plan.keeping(new Keeping.NoPlan())
            : plan;
    return isAsked() && tidy.answer() == null ? refusing(tidy) : tidy;
  }

  /** A plan is wanted for as long as something of it is pending. */
  private boolean isUnwanted(@Nullable Progress progress) {
    boolean wanted = desired.plans() || desired.planRequest() != null;
    return !wanted || (progress != null && progress.pending().isEmpty());
  }

  /** Whether somebody waits for a plan. */
  private boolean isAsked() {
    return desired.asksForPlan(observed.memory().planRequest());
  }

  /** Tells who asked for a plan that there will be none before somebody changes something. */
  private Plan refusing(Plan plan) {
    if (desired.method() == Method.CREATE_ALL) {
      return plan.answering(
          answer(
              Outcome.FAILED,
              "create-all has no plan: all that spec.schema.createAll holds runs as it stands"));
    }
    var verdict = plan.verdict();
    return verdict != null && verdict.reason().kind() == Reason.Kind.STALLED
        ? plan.answering(answer(Outcome.FAILED, verdict.message()))
        : plan;
  }

  private PlanRequestStatus answer(Outcome outcome, @Nullable String message) {
    return new PlanRequestStatus(
        Objects.requireNonNull(desired.planRequest()),
        outcome,
        message == null ? null : Verdict.shortened(message));
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
      return objected(objection.get(), progress);
    }
    if (running.isPresent() && isUnnoted(running.get())) {
      return attempts().noting(running.get(), progress);
    }
    if (progress.pending().isEmpty()) {
      var current = current(progress);
      return isAsked() ? current.answering(answer(Outcome.NOTHING_PENDING, null)) : current;
    }
    var candidate = candidate(progress, Progress.way(progress.task(), settings));
    return isAsked() ? asked(candidate) : unasked(candidate);
  }

  /** Whether the database does not say yet how it ended: until then nobody can tell of it. */
  private boolean isUnnoted(ObservedJob job) {
    var last = facts.lastWork();
    return last != null && last.finished() == null && last.job().equals(job.name());
  }

  /**
   * A plan that somebody asks for comes first, and is made once; what would be done without it
   * follows, be there one or not.
   */
  private Plan asked(Candidate candidate) {
    if (isKept(candidate)) {
      return unasked(candidate).answering(answer(Outcome.PLANNED, null));
    }
    var failure = attempts().unplanned(candidate.progress());
    if (failure.isPresent()) {
      return unasked(candidate).answering(answer(Outcome.FAILED, failure.get().message()));
    }
    var plan = attempts().plan(candidate, approval());
    return desired.gated() ? plan.closed() : plan;
  }

  private Plan unasked(Candidate candidate) {
    var progress = candidate.progress();
    var plan =
        drifted(progress.task())
            .map(it -> say(it, progress))
            .orElseGet(
                () ->
                    desired.plans()
                        ? planned(candidate)
                        : unplanned(progress, candidate.settings()));
    boolean isOld = !desired.plans() && observed.plan() != null && !isKept(candidate);
    return isOld ? plan.keeping(new Keeping.NoPlan()) : plan;
  }

  private boolean isKept(Candidate candidate) {
    return observed.plan() != null && observed.plan().digest().equals(candidate.digest());
  }

  /** Where a backup takes the database back, no script runs that were to be told or approved. */
  private Plan objected(Verdict objection, Progress progress) {
    return say(
        objection,
        objection.reason() == Reason.ROLLBACK_AWAITS_RESTORE
            ? Progress.at(progress.current(), progress.target())
            : progress);
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
    boolean isKept = isKept(candidate);
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
        : new DriftCheck(desired, facts.drift(observed.memory().drift())).objection(task);
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
