package io.tunetrail.operator.status;

import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.RestoreStep;
import io.tunetrail.operator.api.TuneTrailRestoreStatus;
import io.tunetrail.operator.backup.RestoreReport;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.Verdict;
import io.tunetrail.operator.restore.DesiredRestore;
import io.tunetrail.operator.restore.ObservedRestore;
import io.tunetrail.operator.restore.RestorePlan;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From a restore's plan to its status: what a Job told stays when the Job is gone. */
public final class RestoreStatusFactory {
  private static final TuneTrailRestoreStatus EMPTY =
      new TuneTrailRestoreStatus(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null);

  private RestoreStatusFactory() {}

  /**
   * The next status.
   *
   * @param previous null before the first
   * @param generation the resource's, for observedGeneration
   */
  public static TuneTrailRestoreStatus next(
      @Nullable TuneTrailRestoreStatus previous,
      long generation,
      DesiredRestore desired,
      ObservedRestore observed,
      RestorePlan plan) {
    var before = previous == null ? EMPTY : previous;
    var newest = observed.own().stream().max(Comparator.comparingInt(ObservedJob::attempt));
    var ended = newestEnded(observed);
    var told = ended.map(RestoreStatusFactory::report);
    return new TuneTrailRestoreStatus(
        generation,
        plan.phase(),
        told.map(RestoreReport::backup).orElse(backup(before, desired)),
        told.map(RestoreReport::database).orElse(before.database()),
        told.map(RestoreReport::safetyBackup).orElse(before.safetyBackup()),
        told.map(RestoreReport::previousDatabase).orElse(before.previousDatabase()),
        told.map(RestoreStatusFactory::steps).orElse(before.phases()),
        told.map(RestoreReport::tables).orElse(before.tables()),
        told.map(RestoreReport::rows).orElse(before.rows()),
        newest.map(ObservedJob::name).orElse(before.job()),
        ended.map(it -> it.outcome().text()).orElse(before.result()),
        ended.isPresent() ? message(ended.get()) : before.message(),
        ended.map(it -> it.at().toString()).orElse(finished(before, observed, plan)),
        conditions(new Conditions(before.conditions(), generation, observed.now()), plan));
  }

  private static Optional<Ended> newestEnded(ObservedRestore observed) {
    return observed.own().stream()
        .filter(it -> it.state() instanceof Ended)
        .max(Comparator.comparingInt(ObservedJob::attempt))
        .map(it -> (Ended) it.state());
  }

  private static @Nullable RestoreReport report(Ended ended) {
    return ended.report() == null ? null : ended.report().restore();
  }

  private static @Nullable String backup(TuneTrailRestoreStatus before, DesiredRestore desired) {
    return desired.named() == null ? before.backup() : desired.named();
  }

  /** One that can't be, or is withdrawn, ends without a Job. */
  private static @Nullable String finished(
      TuneTrailRestoreStatus before, ObservedRestore observed, RestorePlan plan) {
    return before.finished() == null && plan.phase().isLast()
        ? observed.now().truncatedTo(ChronoUnit.SECONDS).toString()
        : before.finished();
  }

  private static List<RestoreStep> steps(RestoreReport report) {
    return report.phases().stream()
        .map(it -> new RestoreStep(it.name(), it.started(), it.finished()))
        .toList();
  }

  private static @Nullable String message(Ended ended) {
    return ended.detail() == null ? null : Verdict.shortened(ended.detail());
  }

  private static List<Condition> conditions(Conditions conditions, RestorePlan plan) {
    var verdict = plan.verdict();
    var kind = verdict.reason().kind();
    boolean reconciling = kind == Reason.Kind.WORKING || kind == Reason.Kind.HEALING;
    boolean stalled = kind == Reason.Kind.STALLED;
    var reason = verdict.reason().toString();
    var message = verdict.message();
    return conditions
        .set(Conditions.READY, kind == Reason.Kind.READY, reason, message)
        .set(Conditions.RECONCILING, reconciling, reason, reconciling ? message : "")
        .set(Conditions.STALLED, stalled, reason, stalled ? message : "")
        .list();
  }
}
