package io.tunetrail.operator.status;

import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.LastMigration;
import io.tunetrail.operator.api.PendingMigration;
import io.tunetrail.operator.api.PlanRequestStatus;
import io.tunetrail.operator.api.PlanStatus;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.SeedStatus;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.lifecycle.DatabaseFacts;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Keeping;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.Observed;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.Plan;
import io.tunetrail.operator.lifecycle.Progress;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.lifecycle.Verdict;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From a plan to the status: what could not be seen this time keeps its last good value. */
public final class StatusFactory {
  private static final TuneTrailDatabaseStatus EMPTY =
      new TuneTrailDatabaseStatus(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null, null, null, null, null, null, null, null);

  /** Bytes of UTF-8; the names of scripts have room for more than a list has. */
  private static final int LONGEST_DESCRIPTION = 60;

  private StatusFactory() {}

  /**
   * The next status.
   *
   * @param previous null before the first
   * @param generation the resource's, for observedGeneration
   */
  public static TuneTrailDatabaseStatus next(
      @Nullable TuneTrailDatabaseStatus previous,
      long generation,
      Desired desired,
      Observed observed,
      Plan plan) {
    var before = previous == null ? EMPTY : previous;
    var verdict = plan.verdict();
    if (verdict == null || staysAsItWas(before, observed.look(), verdict)) {
      return before;
    }
    var facts = observed.look() instanceof Look.Seen seen ? seen.facts() : null;
    var progress = plan.progress();
    var shown = progress == null ? null : shown(progress);
    var drift = new DriftReport(before, desired, facts, observed.now());
    var status =
        new TuneTrailDatabaseStatus(
            generation,
            desired.edition(),
            environment(before, desired, facts, verdict),
            desired.method().toString(),
            progress == null ? before.migrationVersion() : progress.current(),
            progress == null ? before.targetVersion() : progress.target(),
            shown == null ? before.pending() : shown,
            progress == null ? before.pendingCount() : Integer.valueOf(progress.pending().size()),
            progress == null ? before.pendingDigest() : progress.pendingDigest(),
            facts == null ? before.tableCount() : Integer.valueOf(facts.tableCount()),
            facts == null ? before.databaseSize() : ByteSize.format(facts.sizeBytes()),
            facts == null ? before.databaseIdentity() : facts.identity(),
            observed.scriptsDigest().isEmpty() ? before.inputsDigest() : observed.scriptsDigest(),
            lastMigration(before, facts, observed),
            seed(before, facts, desired, observed),
            plan.approval(),
            plan.keep() instanceof Keeping.NoPlan
                ? null
                : plan(before, desired, observed, progress),
            drift.schemaDigest(),
            drift.status(),
            null,
            before.backup(),
            new PlanConditions(desired, observed, plan, verdict)
                .with(drift, new Conditions(before.conditions(), generation, observed.now())),
            drift.recordedSchema(),
            planRequest(before, desired, plan),
            facts == null ? before.writeAccess() : facts.writeAccess().text());
    return status.withHistory(
        facts == null
            ? before.history()
            : WorkHistoryReport.fitting(status, withBackups(facts.history(), before, status)));
  }

  /** The database does not know of them: the statuses that told of these works do. */
  private static List<LastMigration> withBackups(
      List<LastMigration> works, TuneTrailDatabaseStatus before, TuneTrailDatabaseStatus next) {
    var known =
        Stream.of(
                Stream.ofNullable(next.lastMigration()),
                Stream.ofNullable(before.lastMigration()),
                Stream.ofNullable(before.history()).flatMap(List::stream))
            .flatMap(it -> it)
            .filter(it -> it.backup() != null)
            .collect(
                Collectors.toMap(
                    LastMigration::job,
                    it -> Objects.requireNonNull(it.backup()),
                    (newest, _) -> newest));
    return works.stream().map(it -> it.withBackup(known.get(it.job()))).toList();
  }

  /** What was said before a Job looked holds until it has seen something. */
  private static boolean staysAsItWas(TuneTrailDatabaseStatus before, Look look, Verdict verdict) {
    boolean looks = look instanceof Look.Due || look instanceof Look.UnderWay;
    return looks
        && verdict.reason().kind() == Reason.Kind.WORKING
        && Conditions.find(before.conditions(), Conditions.READY).isPresent();
  }

  /** The environment a resource was accepted with stays until another one is accepted. */
  private static @Nullable Environment environment(
      TuneTrailDatabaseStatus before,
      Desired desired,
      @Nullable DatabaseFacts facts,
      Verdict verdict) {
    boolean accepted =
        facts != null
            && verdict.reason() != Reason.ENVIRONMENT_LAXER
            && verdict.reason() != Reason.DATABASE_CONFLICT;
    return accepted ? desired.environment() : before.environment();
  }

  private static List<PendingMigration> shown(Progress progress) {
    return progress.pending().stream()
        .limit(TuneTrailDatabaseStatus.PENDING_SHOWN)
        .map(it -> new PendingMigration(it.version(), description(it)))
        .toList();
  }

  private static String description(SchemaState.Migration pending) {
    return Verdict.shortened(pending.description(), LONGEST_DESCRIPTION);
  }

  /**
   * The database's own record of its last work; a Job that ended later without reaching it comes
   * first.
   */
  private static @Nullable LastMigration lastMigration(
      TuneTrailDatabaseStatus before, @Nullable DatabaseFacts facts, Observed observed) {
    var recorded = facts == null ? null : facts.lastWork();
    if (recorded != null && isStillEnding(recorded, observed)) {
      return withItsBackup(recorded, before.lastMigration(), observed);
    }
    return newest(observed.jobs().stream().filter(it -> it.task().changesSchema()))
        .flatMap(StatusFactory::reported)
        .orElseGet(
            () ->
                recorded == null
                    ? before.lastMigration()
                    : withItsBackup(recorded, before.lastMigration(), observed));
  }

  /** Its work is done, and all Jobs that have ended are earlier ones. */
  private static boolean isStillEnding(LastMigration recorded, Observed observed) {
    return recorded.finished() != null
        && observed.running().filter(it -> it.name().equals(recorded.job())).isPresent();
  }

  /** The database does not know of it: the Job does, and the last status when that is gone. */
  private static LastMigration withItsBackup(
      LastMigration work, @Nullable LastMigration before, Observed observed) {
    var job = observed.jobs().stream().filter(it -> it.name().equals(work.job())).findFirst();
    if (job.isPresent()) {
      return work.withBackup(job.get().backup());
    }
    return before != null && before.job().equals(work.job())
        ? work.withBackup(before.backup())
        : work;
  }

  /** What is kept is told for as long as something of it is pending. */
  private static @Nullable PlanStatus plan(
      TuneTrailDatabaseStatus before,
      Desired desired,
      Observed observed,
      @Nullable Progress progress) {
    boolean wanted = desired.plans() || desired.planRequest() != null;
    if (!wanted || (progress != null && progress.pending().isEmpty())) {
      return null;
    }
    return progress == null ? before.plan() : observed.plan();
  }

  /** The last answer, for as long as the resource has the request. */
  private static @Nullable PlanRequestStatus planRequest(
      TuneTrailDatabaseStatus before, Desired desired, Plan plan) {
    if (desired.planRequest() == null) {
      return null;
    }
    return plan.answer() == null ? before.planRequest() : plan.answer();
  }

  private static @Nullable SeedStatus seed(
      TuneTrailDatabaseStatus before,
      @Nullable DatabaseFacts facts,
      Desired desired,
      Observed observed) {
    if (desired.seed() == null || facts == null) {
      return desired.seed() == null ? null : before.seed();
    }
    boolean current = Objects.equals(facts.seedDigest(), observed.seedDigest());
    var known = before.seed();
    return newest(observed.jobs().stream().filter(it -> it.task() == Task.SEED))
        .flatMap(StatusFactory::reported)
        .map(it -> new SeedStatus(current, it.job(), it.outcome(), it.message()))
        .orElseGet(
            () ->
                known == null
                    ? new SeedStatus(current, null, null, null)
                    : new SeedStatus(current, known.job(), known.outcome(), known.message()));
  }

  private static Optional<ObservedJob> newest(Stream<ObservedJob> jobs) {
    return jobs.filter(job -> job.state() instanceof Ended)
        .max(Comparator.comparing(job -> ((Ended) job.state()).at()));
  }

  private static Optional<LastMigration> reported(ObservedJob job) {
    if (!(job.state() instanceof Ended ended)) {
      return Optional.empty();
    }
    var report = ended.report();
    if (report == null) {
      return Optional.of(
          new LastMigration(
              job.name(),
              ended.outcome().text(),
              null,
              null,
              null,
              ended.at().toString(),
              ended.detail() == null ? null : Verdict.shortened(ended.detail()),
              null,
              job.task().toString(),
              null,
              null,
              null,
              job.backup()));
    }
    return Optional.of(
        new LastMigration(
            job.name(),
            ended.outcome().text(),
            report.from(),
            report.to(),
            report.started(),
            Objects.requireNonNullElse(report.finished(), ended.at().toString()),
            report.message() == null ? null : Verdict.shortened(report.message()),
            job.approvedBy(),
            job.task().toString(),
            null,
            null,
            null,
            job.backup()));
  }
}
