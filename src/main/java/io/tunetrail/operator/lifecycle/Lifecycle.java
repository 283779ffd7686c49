package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.ApprovalStatus;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.lifecycle.ObservedJob.Blocked;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.ObservedJob.Running;
import io.tunetrail.operator.migration.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every rule about what happens to a database, as one pure function. */
public final class Lifecycle {
  /** How often a database is looked at while nothing happens. */
  static final Duration PERIOD = Duration.ofSeconds(30);

  /** How often while it is away: its return is seen within 10 s. */
  static final Duration PERIOD_AWAY = Duration.ofSeconds(5);

  /**
   * A password that is being rotated in two places may be refused for so long before anything is
   * said of it.
   */
  static final Duration ROTATION = Duration.ofSeconds(10);

  private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(1);

  private Lifecycle() {}

  public static Plan plan(Desired desired, Observed observed) {
    return switch (observed.look()) {
      case Look.Unseen unseen -> unseen(observed, unseen);
      case Look.Seen seen -> new Decision(desired, observed, seen.facts()).plan();
    };
  }

  private static Plan unseen(Observed observed, Look.Unseen unseen) {
    var memory = observed.memory();
    if (beingRotated(observed, unseen)) {
      return new Plan(null, null, null, memory.approval(), Duration.ofSeconds(2));
    }
    var verdict = new Verdict(unseen.reason(), unseen.detail());
    return new Plan(verdict, null, null, memory.approval(), PERIOD_AWAY);
  }

  private static boolean beingRotated(Observed observed, Look.Unseen unseen) {
    var since = observed.memory().refusedSince();
    return unseen.reason() == Reason.AUTHENTICATION_FAILED
        && observed.memory().reachable()
        && since != null
        && observed.now().isBefore(since.plus(ROTATION));
  }

  /** Time between the end of an attempt and the next one. */
  static Duration backoff(int attempt) {
    var delay = Duration.ofSeconds(1L << Math.min(attempt, 6));
    return delay.compareTo(LONGEST_BACKOFF) < 0 ? delay : LONGEST_BACKOFF;
  }

  /** The chain of checks on a database that answered: the first that objects decides. */
  private record Decision(Desired desired, Observed observed, DatabaseFacts facts) {

    Plan plan() {
      var unfit = Fitness.objection(desired, observed, facts);
      if (unfit.isPresent()) {
        return new Plan(unfit.get(), null, null, observed.memory().approval(), PERIOD_AWAY);
      }
      return switch (facts.schema()) {
        case SchemaState.Unreadable unreadable ->
            say(new Verdict(Reason.INVALID_SCRIPTS, unreadable.detail()), null);
        case SchemaState.CreateAll createAll -> createAll(createAll);
        case SchemaState.Flyway flyway -> migrate(flyway, Progress.of(desired, flyway));
      };
    }

    private Plan createAll(SchemaState.CreateAll schema) {
      if (observed.scriptsDigest().equals(schema.appliedDigest())) {
        return say(
            new Verdict(Reason.UP_TO_DATE, "all SQL of spec.schema.createAll is applied"),
            Progress.NONE);
      }
      return work(Progress.NONE, observed.memory().approval());
    }

    private Plan migrate(SchemaState.Flyway schema, Progress progress) {
      var running = observed.running();
      if (running.isPresent() && !progress.pending().isEmpty()) {
        return underWay(running.get(), progress);
      }
      var objection = HistoryCheck.objection(desired, facts, schema, progress);
      if (objection.isPresent()) {
        return say(objection.get(), progress);
      }
      if (progress.pending().isEmpty()) {
        var detail =
            progress.current() == null
                ? "there is nothing to migrate"
                : "the database is at version " + progress.current();
        var memory = Gate.atTarget(desired, progress, observed.memory().approval());
        return new Plan(new Verdict(Reason.UP_TO_DATE, detail), progress, null, memory, PERIOD);
      }
      if (!desired.gated()) {
        return work(progress, observed.memory().approval());
      }
      return switch (Gate.of(desired, schema, progress, observed.memory().approval())) {
        case Gate.Closed closed -> say(closed.verdict(), progress);
        case Gate.Open open -> work(progress, open.memory());
      };
    }

    private Plan work(Progress progress, @Nullable ApprovalStatus approval) {
      var running = observed.running();
      if (running.isPresent()) {
        return underWay(running.get(), progress);
      }
      var inputs = inputs(progress);
      var last = observed.lastAttempt(inputs);
      var failure = last.flatMap(Decision::failure);
      if (failure.isPresent() && failure.get().reason().kind() == Reason.Kind.STALLED) {
        return new Plan(failure.get(), progress, null, approval, PERIOD);
      }
      var wait = last.map(job -> untilNextAttempt(job, observed.now())).orElse(Duration.ZERO);
      if (failure.isPresent() && wait.isPositive()) {
        return new Plan(failure.get(), progress, null, approval, wait);
      }
      if (desired.suspended()) {
        return new Plan(
            new Verdict(Reason.SUSPENDED, "spec.suspend is true; nothing is started"),
            progress,
            null,
            approval,
            PERIOD);
      }
      int attempt = last.map(ObservedJob::attempt).orElse(0) + 1;
      var start =
          new Work(
              desired.method(),
              inputs,
              attempt,
              observed.scriptsDigest(),
              progress.current(),
              progress.target());
      return new Plan(attempting(inputs, progress), progress, start, approval, PERIOD);
    }

    /** While it is tried again, why it failed before is still why it is not ready. */
    private Verdict attempting(String inputs, Progress progress) {
      return observed
          .lastEnded(inputs)
          .filter(job -> !succeeded(job))
          .flatMap(Decision::failure)
          .orElseGet(() -> started(progress));
    }

    private static boolean succeeded(ObservedJob job) {
      return job.state() instanceof Ended ended && ended.outcome() == Outcome.DONE;
    }

    private Verdict started(Progress progress) {
      return switch (desired.method()) {
        case CREATE_ALL -> new Verdict(Reason.CREATING_TABLES, "creating what is missing");
        case FLYWAY ->
            new Verdict(
                Reason.MIGRATING,
                "migrating from %s to version %s"
                    .formatted(
                        progress.current() == null
                            ? "an empty schema"
                            : "version " + progress.current(),
                        progress.target()));
      };
    }

    private Plan underWay(ObservedJob job, Progress progress) {
      var verdict =
          switch (job.state()) {
            case Blocked blocked -> new Verdict(blocked.reason(), blocked.detail());
            case Running _, Ended _ ->
                waitsFor(job).orElseGet(() -> attempting(job.inputs(), progress));
          };
      return new Plan(verdict, progress, null, observed.memory().approval(), PERIOD_AWAY);
    }

    private Optional<Verdict> waitsFor(ObservedJob job) {
      var holder = facts.fenceHolder();
      if (holder == null || holder.endsWith(job.name())) {
        return Optional.empty();
      }
      return Optional.of(
          new Verdict(
              Reason.WAITING_FOR_LOCK, "Job %s waits for %s".formatted(job.name(), holder)));
    }

    private String inputs(Progress progress) {
      return Digest.of(
          desired.uid(),
          facts.identity(),
          desired.role(),
          desired.method().role(),
          observed.scriptsDigest(),
          desired.settingsDigest(),
          desired.limits().toString(),
          progress.current(),
          progress.target(),
          desired.retry());
    }

    private static Optional<Verdict> failure(ObservedJob job) {
      return switch (job.state()) {
        case Running _, Blocked _ -> Optional.empty();
        case Ended ended when ended.outcome() == Outcome.DONE ->
            Optional.of(
                new Verdict(
                    Reason.VERSION_UNCHANGED,
                    "Job %s ended without an error, yet the database is where it was"
                        .formatted(job.name())));
        case Ended ended ->
            Optional.of(
                new Verdict(
                    ended.outcome().reason(),
                    Objects.requireNonNullElse(
                        ended.detail(), "Job " + job.name() + " ended without a report")));
      };
    }

    private static Duration untilNextAttempt(ObservedJob job, Instant now) {
      return switch (job.state()) {
        case Running _, Blocked _ -> Duration.ZERO;
        case Ended ended -> Duration.between(now, ended.at().plus(backoff(job.attempt())));
      };
    }

    private Plan say(Verdict verdict, @Nullable Progress progress) {
      return new Plan(verdict, progress, null, observed.memory().approval(), PERIOD);
    }
  }
}
