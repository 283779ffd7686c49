package io.tunetrail.operator.lifecycle;

import static io.tunetrail.operator.migration.Outcome.INPUTS_CHANGED;

import io.tunetrail.operator.api.ApprovalStatus;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.engine.ImageSource;
import io.tunetrail.operator.lifecycle.ObservedJob.Blocked;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.ObservedJob.Running;
import io.tunetrail.operator.migration.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether work that is to be done is started, waited for, tried again or given up. */
record Attempts(Desired desired, Observed observed, DatabaseFacts facts) {
  /** How the application name of a backup begins, that holds the fence for all who back up. */
  private static final String BACKUP_HOLDER = "tunetrail-backup/";

  Plan start(Task task, Progress progress, @Nullable ApprovalStatus approval) {
    var running = observed.running();
    if (running.isPresent()) {
      return underWay(running.get(), progress);
    }
    var inputs = inputs(task, progress);
    return metOtherContent(task, inputs)
        .map(it -> inspectAnew(it, approval))
        .orElseGet(() -> next(task, inputs, digest(task), progress, approval));
  }

  /** Has a Job tell the SQL of what is pending; what it told is kept before it is approved. */
  Plan plan(Candidate candidate, @Nullable ApprovalStatus approval) {
    var progress = candidate.progress();
    var inputs = inputs(Task.PLAN, progress);
    var told = observed.lastEnded(inputs).filter(Attempts::succeeded);
    return told.isPresent()
        ? new Plan(
            started(Task.PLAN, progress),
            progress,
            null,
            new Keeping.Planned(told.get().name(), candidate.plan()),
            approval,
            SOON)
        : start(Task.PLAN, progress, approval);
  }

  /**
   * Why the Job that was to tell the SQL did not; empty while none has ended so, and where the
   * content changed meanwhile, for which another Job is made.
   */
  Optional<Verdict> unplanned(Progress progress) {
    return observed
        .lastEnded(inputs(Task.PLAN, progress))
        .filter(job -> !succeeded(job))
        .filter(job -> !(job.state() instanceof Ended it && it.outcome() == INPUTS_CHANGED))
        .flatMap(Attempts::failure);
  }

  /** Has an image tell what it holds; what it told is kept before anything is decided by it. */
  Plan inspect(@Nullable ApprovalStatus approval) {
    var running = observed.running();
    return running.isPresent()
        ? underWay(running.get(), null)
        : inspect(inspection(null), approval);
  }

  private Plan inspect(String inputs, @Nullable ApprovalStatus approval) {
    var told = observed.lastEnded(inputs).filter(Attempts::succeeded);
    return told.isPresent()
        ? new Plan(
            started(Task.INSPECT, null),
            null,
            null,
            new Keeping.Told(told.get().name()),
            approval,
            SOON)
        : next(Task.INSPECT, inputs, source(), null, approval);
  }

  /** Says once why it is asked again. */
  private Plan inspectAnew(ObservedJob failed, @Nullable ApprovalStatus approval) {
    var inputs = inspection(failed);
    var plan = inspect(inputs, approval);
    boolean first = plan.start() != null && observed.lastAttempt(inputs).isEmpty();
    return first ? failure(failed).map(plan::saying).orElse(plan) : plan;
  }

  /**
   * The Job that found another content in the image than the one kept, as behind a tag that was
   * moved, and since which nobody asked the image; empty where there is none.
   */
  private Optional<ObservedJob> metOtherContent(Task task, String inputs) {
    return isOfSchema(task) && observed.inspection() instanceof Inspection.Known known
        ? observed
            .lastEnded(inputs)
            .filter(it -> it.state() instanceof Ended ended && ended.outcome() == INPUTS_CHANGED)
            .filter(it -> !inspection(it).equals(known.inputs()))
        : Optional.empty();
  }

  /** Whether it works by what the inspection told. */
  private static boolean isOfSchema(Task task) {
    return task.changesSchema() || task == Task.PLAN;
  }

  /** The image that was planned with, by its digest; null: as the spec names it. */
  private @Nullable String pinned(Task task) {
    return isOfSchema(task) ? observed.pinned(desired) : null;
  }

  private @Nullable String image(Task task) {
    var pinned = pinned(task);
    return pinned == null ? desired.programImage() : pinned;
  }

  /** What makes an inspection what it is: a Job that failed after the last one makes another. */
  private String inspection(@Nullable ObservedJob failed) {
    var reason =
        failed == null || !(failed.state() instanceof Ended ended)
            ? null
            : failed.name() + " " + ended.at();
    return Digest.of(desired.uid(), Task.INSPECT.toString(), source(), desired.retry(), reason);
  }

  private String source() {
    return Objects.requireNonNull(desired.imageSource()).digest();
  }

  /** What was kept is read at once. */
  private static final Duration SOON = Duration.ofMillis(100);

  private Plan next(
      Task task,
      String inputs,
      String digest,
      @Nullable Progress progress,
      @Nullable ApprovalStatus approval) {
    var last = observed.lastAttempt(inputs);
    var failure = last.flatMap(Attempts::failure);
    if (failure.isPresent() && failure.get().reason().kind() == Reason.Kind.STALLED) {
      return Plan.say(failure.get(), progress, approval, Lifecycle.PERIOD);
    }
    var wait = last.map(job -> untilNextAttempt(job, observed.now())).orElse(Duration.ZERO);
    if (failure.isPresent() && wait.isPositive()) {
      return Plan.say(failure.get(), progress, approval, wait);
    }
    if (desired.suspended() && !isAskedFor(task)) {
      var suspended = new Verdict(Reason.SUSPENDED, "spec.suspend is true; nothing is started");
      return Plan.say(suspended, progress, approval, Lifecycle.PERIOD);
    }
    int attempt = last.map(ObservedJob::attempt).orElse(0) + 1;
    var start =
        new Work(
            desired.method(),
            task,
            inputs,
            attempt,
            digest,
            progress == null ? null : progress.current(),
            progress == null ? null : progress.target(),
            pinned(task),
            task == Task.PLAN && progress != null ? progress.task() : null,
            null,
            progress == null ? null : facts.identity());
    return new Plan(
        attempting(inputs, task, progress), progress, start, null, approval, Lifecycle.SHORT_WORK);
  }

  Plan underWay(ObservedJob job, @Nullable Progress progress) {
    var verdict =
        switch (job.state()) {
          case Blocked blocked -> new Verdict(blocked.reason(), blocked.detail());
          case Running _, Ended _ ->
              waitsFor(job).orElseGet(() -> attempting(job.inputs(), job.task(), progress));
        };
    return Plan.say(verdict, progress, observed.memory().approval(), Lifecycle.PERIOD_AWAY);
  }

  /** The version is there, and its Job is about to note what it did. */
  Plan noting(ObservedJob job, Progress progress) {
    var verdict =
        new Verdict(
            started(job.task(), progress).reason(),
            "the database has %s, and the Job notes it".formatted(from(progress)));
    return Plan.say(verdict, progress, observed.memory().approval(), Lifecycle.SHORT_WORK);
  }

  /** While it is tried again, why it failed before is still why it is not ready. */
  private Verdict attempting(String inputs, Task task, @Nullable Progress progress) {
    return observed
        .lastEnded(inputs)
        .filter(job -> !succeeded(job))
        .flatMap(Attempts::failure)
        .orElseGet(() -> started(task, progress));
  }

  private static boolean succeeded(ObservedJob job) {
    return job.state() instanceof Ended ended && ended.outcome() == Outcome.DONE;
  }

  private Verdict started(Task task, @Nullable Progress progress) {
    return switch (task) {
      case INSPECT -> inspecting(desired.imageSource());
      case PLAN ->
          new Verdict(
              Reason.PLANNING,
              "a Job shows the SQL of the way from %s to %s"
                  .formatted(from(progress), to(progress)));
      case CREATE_ALL -> new Verdict(Reason.CREATING_TABLES, "creating what is missing");
      case SEED -> new Verdict(Reason.SEEDING, "putting the fixtures in");
      case LOOK -> throw new IllegalArgumentException("a look is not started by what was seen");
      case GENERATE, SETUP, CHECK, EXAMINE, BACKUP, VERIFY, RESTORE ->
          throw new IllegalArgumentException("the operator never starts " + task);
      case BASELINE ->
          new Verdict(
              Reason.ADOPTING,
              "comparing the tables with those of version %s".formatted(target(progress)));
      case UNDO ->
          new Verdict(
              Reason.UNDOING, "going back from %s to %s".formatted(from(progress), to(progress)));
      case MIGRATE ->
          new Verdict(
              Reason.MIGRATING,
              "migrating from %s to version %s".formatted(from(progress), target(progress)));
    };
  }

  /** The spec may have turned away from the image that is being read. */
  private static Verdict inspecting(@Nullable ImageSource source) {
    return new Verdict(
        Reason.INSPECTING,
        source == null
            ? "reading an image"
            : "reading the %s of %s".formatted(source.holds(), source.image()));
  }

  private static String from(@Nullable Progress progress) {
    return progress == null || progress.current() == null
        ? "an empty schema"
        : "version " + progress.current();
  }

  private static String to(@Nullable Progress progress) {
    return progress == null || progress.target() == null
        ? "before the first version"
        : "version " + progress.target();
  }

  private static @Nullable String target(@Nullable Progress progress) {
    return progress == null ? null : progress.target();
  }

  private Optional<Verdict> waitsFor(ObservedJob job) {
    var holder = facts.fenceHolder();
    if (holder == null || job.task() == Task.INSPECT || holder.endsWith(job.name())) {
      return Optional.empty();
    }
    var reason =
        holder.startsWith(BACKUP_HOLDER) ? Reason.WAITING_FOR_BACKUP : Reason.WAITING_FOR_LOCK;
    return Optional.of(new Verdict(reason, "Job %s waits for %s".formatted(job.name(), holder)));
  }

  private String inputs(Task task, Progress progress) {
    return Digest.of(
        desired.uid(),
        facts.identity(),
        desired.role(),
        task == Task.PLAN
            ? task + " " + progress.task() + " " + progress.pendingDigest() + request()
            : task.toString(),
        digest(task),
        desired.settingsDigest(),
        image(task),
        desired.limits().toString(),
        progress.current(),
        progress.target(),
        desired.retry());
  }

  /** Each request has a Job of its own, where nothing else would have made one. */
  private String request() {
    return desired.plans() ? "" : " for " + desired.planRequest();
  }

  private boolean isAskedFor(Task task) {
    return task == Task.PLAN && desired.asksForPlan(observed.memory().planRequest());
  }

  private String digest(Task task) {
    return task == Task.SEED ? String.valueOf(observed.seedDigest()) : observed.scriptsDigest();
  }

  private static Optional<Verdict> failure(ObservedJob job) {
    return switch (job.state()) {
      case Running _, Blocked _ -> Optional.empty();
      case Ended ended when ended.outcome() == Outcome.DONE ->
          Optional.of(
              new Verdict(
                  Reason.VERSION_UNCHANGED,
                  "Job %s ended without an error, yet the database is where it was%s"
                      .formatted(job.name(), ended.detail() == null ? "" : ": " + ended.detail())));
      case Ended ended ->
          Optional.of(
              new Verdict(
                  reason(ended),
                  Objects.requireNonNullElse(
                      ended.detail(), "Job " + job.name() + " ended without a report")));
    };
  }

  /** A backup may take all night, and each attempt waits some minutes of it. */
  private static Reason reason(Ended ended) {
    boolean behindBackup =
        ended.outcome() == Outcome.LOCK_NOT_OBTAINED
            && ended.detail() != null
            && ended.detail().startsWith(BACKUP_HOLDER);
    return behindBackup ? Reason.WAITING_FOR_BACKUP : ended.outcome().reason();
  }

  private static Duration untilNextAttempt(ObservedJob job, Instant now) {
    return switch (job.state()) {
      case Running _, Blocked _ -> Duration.ZERO;
      case Ended ended -> Duration.between(now, ended.at().plus(Lifecycle.backoff(job.attempt())));
    };
  }
}
