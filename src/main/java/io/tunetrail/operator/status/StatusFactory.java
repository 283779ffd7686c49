package io.tunetrail.operator.status;

import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.LastMigration;
import io.tunetrail.operator.api.PendingMigration;
import io.tunetrail.operator.api.PlanStatus;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.SeedStatus;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.lifecycle.DatabaseFacts;
import io.tunetrail.operator.lifecycle.Desired;
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
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From a plan to the status: what could not be seen this time keeps its last good value. */
public final class StatusFactory {
  private static final TuneTrailDatabaseStatus EMPTY =
      new TuneTrailDatabaseStatus(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null, null, null, null, null);

  /** With these the database was not asked. */
  private static final Set<Reason> NOT_LOOKED =
      Set.of(
          Reason.CONFIG_MAP_MISSING,
          Reason.INVALID_SCRIPTS,
          Reason.RIGHT_MISSING,
          Reason.API_REFUSED,
          Reason.INPUTS_CHANGED,
          Reason.JOB_LOST,
          Reason.DEADLINE_EXCEEDED,
          Reason.IMAGE_USER_UNFIT,
          Reason.PROGRAM_FAILED);

  /** Bytes of UTF-8; the names of scripts have room for more than a list has. */
  private static final int LONGEST_DESCRIPTION = 60;

  /** Bytes of UTF-8; enough for two names of the greatest length. */
  private static final int LONGEST_LIST = 160;

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
    var drift = new DriftReport(before, desired, facts);
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
            plan(before, desired, observed, progress),
            drift.schemaDigest(),
            drift.status(),
            null,
            before.backup(),
            conditions(before.conditions(), generation, desired, observed, plan, verdict, drift));
    return status.withHistory(
        facts == null ? before.history() : WorkHistoryReport.fitting(status, facts.history()));
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
    return newest(observed.jobs().stream().filter(it -> it.task().changesSchema()))
        .flatMap(StatusFactory::reported)
        .orElse(
            facts == null || facts.lastWork() == null ? before.lastMigration() : facts.lastWork());
  }

  /** What is kept is told for as long as something of it is pending. */
  private static @Nullable PlanStatus plan(
      TuneTrailDatabaseStatus before,
      Desired desired,
      Observed observed,
      @Nullable Progress progress) {
    if (!desired.plans() || (progress != null && progress.pending().isEmpty())) {
      return null;
    }
    return progress == null ? before.plan() : observed.plan();
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
              null));
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
            null));
  }

  private static List<Condition> conditions(
      @Nullable List<Condition> before,
      long generation,
      Desired desired,
      Observed observed,
      Plan plan,
      Verdict verdict,
      DriftReport drift) {
    var kind = verdict.reason().kind();
    var reason = verdict.reason().toString();
    var message = verdict.message();
    boolean reconciling = kind == Reason.Kind.WORKING || kind == Reason.Kind.HEALING;
    var conditions =
        new Conditions(before, generation, observed.now())
            .set(Conditions.READY, kind == Reason.Kind.READY, reason, message)
            .set(Conditions.RECONCILING, reconciling, reason, reconciling ? message : "")
            .set(
                Conditions.STALLED,
                kind == Reason.Kind.STALLED,
                reason,
                kind == Reason.Kind.STALLED ? message : "");
    reachable(conditions, observed, verdict);
    schemaCurrent(conditions, plan, verdict);
    if (desired.gated()) {
      approved(conditions, desired, observed, plan, verdict);
    }
    drift.condition(conditions);
    invalidIndexes(conditions, observed.look());
    return conditions.list();
  }

  /** Said whatever else is: what failed, or is pending, need not have to do with them. */
  private static void invalidIndexes(Conditions conditions, Look look) {
    if (!(look instanceof Look.Seen seen)) {
      conditions.keep(Conditions.INDEXES_INVALID);
    } else if (!seen.facts().invalidIndexes().isEmpty()) {
      var names = Verdict.shortened(String.join(", ", seen.facts().invalidIndexes()), LONGEST_LIST);
      conditions.set(
          Conditions.INDEXES_INVALID,
          true,
          "InvalidIndexes",
          "these indexes are invalid, as a failed CREATE INDEX CONCURRENTLY leaves them: %s. Drop them and make them again, or run REINDEX INDEX CONCURRENTLY."
              .formatted(names));
    }
  }

  private static void reachable(Conditions conditions, Observed observed, Verdict verdict) {
    switch (observed.look()) {
      case Look.Seen _ ->
          conditions.set(Conditions.DATABASE_REACHABLE, true, "Reachable", "the database answers");
      case Look.Due _, Look.UnderWay _ ->
          conditions.unknown(Conditions.DATABASE_REACHABLE, verdict.reason(), verdict.message());
      case Look.Unseen unseen -> {
        var message = new Verdict(unseen.reason(), unseen.detail()).message();
        if (NOT_LOOKED.contains(unseen.reason())) {
          conditions.unknown(Conditions.DATABASE_REACHABLE, unseen.reason(), message);
        } else {
          conditions.set(Conditions.DATABASE_REACHABLE, false, unseen.reason().toString(), message);
        }
      }
    }
  }

  private static void schemaCurrent(Conditions conditions, Plan plan, Verdict verdict) {
    if (verdict.reason() == Reason.UP_TO_DATE) {
      conditions.set(
          Conditions.SCHEMA_CURRENT, true, verdict.reason().toString(), verdict.detail());
    } else if (verdict.reason() == Reason.SEEDING || verdict.reason() == Reason.SEED_FAILED) {
      conditions.set(
          Conditions.SCHEMA_CURRENT,
          true,
          Reason.UP_TO_DATE.toString(),
          "the schema is current; fixtures come after it");
    } else if (plan.progress() == null) {
      conditions.keep(Conditions.SCHEMA_CURRENT);
    } else {
      conditions.set(
          Conditions.SCHEMA_CURRENT, false, verdict.reason().toString(), verdict.detail());
    }
  }

  private static void approved(
      Conditions conditions, Desired desired, Observed observed, Plan plan, Verdict verdict) {
    var progress = plan.progress();
    if (progress == null) {
      conditions.keep(Conditions.APPROVED);
    } else if (plan.gateClosed()) {
      conditions.set(Conditions.APPROVED, false, verdict.reason().toString(), verdict.message());
    } else if (progress.pending().isEmpty()) {
      conditions.set(Conditions.APPROVED, true, "NothingPending", "nothing waits for an approval");
    } else if (plan.approval() != null && desired.approval() != null) {
      conditions.set(Conditions.APPROVED, true, "Approved", approver(desired, observed));
    } else {
      conditions.keep(Conditions.APPROVED);
    }
  }

  private static String approver(Desired desired, Observed observed) {
    var approval = Objects.requireNonNull(desired.approval());
    return approval.approvedBy() == null
        ? "version %s is approved".formatted(approval.version())
        : "version %s is approved by %s%s"
            .formatted(
                approval.version(),
                approval.approvedBy(),
                observed.approversKnown() ? "" : " (unverified)");
  }
}
