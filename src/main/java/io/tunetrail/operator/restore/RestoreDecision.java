package io.tunetrail.operator.restore;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.RestorePhase;
import io.tunetrail.operator.backup.DesiredBackup;
import io.tunetrail.operator.lifecycle.Lifecycle;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.ObservedJob.Blocked;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.ObservedJob.Running;
import io.tunetrail.operator.lifecycle.Verdict;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.restore.ObservedRestore.Closed;
import io.tunetrail.operator.restore.ObservedRestore.Found;
import io.tunetrail.operator.restore.ObservedRestore.Missing;
import io.tunetrail.operator.restore.ObservedRestore.Open;
import java.time.Duration;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every rule about when a restore may begin, as one pure function. That nothing else writes to the
 * database meanwhile is the fence's concern, which its Job takes.
 */
public final class RestoreDecision {
  /** What is waited for is not told by an event of the restore's own. */
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private final DesiredRestore desired;
  private final ObservedRestore observed;

  private RestoreDecision(DesiredRestore desired, ObservedRestore observed) {
    this.desired = desired;
    this.observed = observed;
  }

  /** Of a restore that is neither done nor given up. */
  public static RestorePlan plan(DesiredRestore desired, ObservedRestore observed) {
    return new RestoreDecision(desired, observed).plan();
  }

  private RestorePlan plan() {
    var last = newest();
    if (last == null) {
      return withdrawn().orElseGet(() -> begun(null));
    }
    return switch (last.state()) {
      case Running _ -> say(RestorePhase.RESTORING, failureBefore(last).orElse(restoring()));
      case Blocked blocked ->
          say(RestorePhase.RESTORING, new Verdict(blocked.reason(), blocked.detail()));
      case Ended ended when ended.outcome() == Outcome.DONE ->
          say(RestorePhase.RESTORED, restored(ended));
      case Ended ended when failure(last, ended).reason().kind() == Reason.Kind.STALLED ->
          say(RestorePhase.FAILED, failure(last, ended));
      case Ended _ -> begun(last);
    };
  }

  private @Nullable ObservedJob newest() {
    return observed.own().stream().max(Comparator.comparingInt(ObservedJob::attempt)).orElse(null);
  }

  /**
   * What nobody asks for any more would replace what was written since, should somebody approve it
   * one day.
   */
  private Optional<RestorePlan> withdrawn() {
    var target = desired.rollbackTo();
    if (target == null
        || !(observed.database() instanceof Found found)
        || target.equals(found.rollbackTo())) {
      return Optional.empty();
    }
    var verdict =
        new Verdict(
            Reason.RESTORE_WITHDRAWN,
            "TuneTrailDatabase %s is no longer to go back to %s by a restore"
                .formatted(desired.resource(), target));
    return Optional.of(say(RestorePhase.FAILED, verdict));
  }

  /** With a Job, the first or the next, unless something is to be waited for. */
  private RestorePlan begun(@Nullable ObservedJob failed) {
    return objection().orElseGet(() -> failed == null ? start(1, restoring()) : again(failed));
  }

  private RestorePlan again(ObservedJob failed) {
    var ended = (Ended) failed.state();
    var failure = failure(failed, ended);
    var wait =
        Duration.between(observed.now(), ended.at().plus(Lifecycle.backoff(failed.attempt())));
    return wait.isPositive()
        ? new RestorePlan(RestorePhase.RESTORING, failure, null, wait)
        : start(failed.attempt() + 1, failure);
  }

  private RestorePlan start(int attempt, Verdict verdict) {
    return new RestorePlan(RestorePhase.RESTORING, verdict, attempt, PERIOD);
  }

  private Optional<RestorePlan> objection() {
    return switch (observed.database()) {
      case Missing _ ->
          waits(
              Reason.DATABASE_RESOURCE_MISSING,
              "there is no TuneTrailDatabase %s in this namespace".formatted(desired.resource()));
      case Found found -> objection(found);
    };
  }

  private Optional<RestorePlan> objection(Found found) {
    return switch (found.backups()) {
      case DesiredBackup.None _ ->
          waits(
              Reason.BACKUP_NOT_CONFIGURED,
              "TuneTrailDatabase %s has no spec.backup, which says where its backups are"
                  .formatted(desired.resource()));
      case DesiredBackup.Invalid invalid -> waits(Reason.INVALID_SCHEDULE, invalid.detail());
      case DesiredBackup.Scheduled _ ->
          switch (found.way()) {
            case Closed closed -> Optional.of(say(RestorePhase.WAITING, closed.verdict()));
            case Open open -> objection(open.live(), found.newestBackup());
          };
    };
  }

  private Optional<RestorePlan> objection(String live, @Nullable String newestBackup) {
    if (live.equals(desired.newDatabase())) {
      var verdict =
          new Verdict(
              Reason.INVALID_RESTORE,
              "into.newDatabase is %s, the live database itself".formatted(live));
      return Optional.of(say(RestorePhase.FAILED, verdict));
    }
    if (desired.inPlace() && desired.approval() == null) {
      var verdict = new Verdict(Reason.AWAITING_APPROVAL, toApprove(live, newestBackup));
      return Optional.of(say(RestorePhase.AWAITING_APPROVAL, verdict));
    }
    return observed.others().isEmpty()
        ? Optional.empty()
        : waits(
            Reason.WAITING_FOR_MIGRATION,
            "Job %s works on the database".formatted(observed.others().getFirst()));
  }

  private String toApprove(String live, @Nullable String newestBackup) {
    var named = desired.named();
    if (named != null) {
      return "backup %s is to take the place of database %s, which is kept under another name"
          .formatted(named, live);
    }
    return "a backup is to take the place of database %s, and approval.backup says which: %s"
        .formatted(
            live,
            newestBackup == null
                ? "there is none yet"
                : "the newest is %s".formatted(newestBackup));
  }

  private Optional<RestorePlan> waits(Reason reason, String detail) {
    return Optional.of(say(RestorePhase.WAITING, new Verdict(reason, detail)));
  }

  private static RestorePlan say(RestorePhase phase, Verdict verdict) {
    return new RestorePlan(phase, verdict, null, PERIOD);
  }

  private Verdict restoring() {
    var named = desired.named();
    return new Verdict(
        Reason.RESTORING,
        "%s of TuneTrailDatabase %s comes back %s"
            .formatted(
                named == null ? "a backup" : "backup " + named,
                desired.resource(),
                desired.inPlace()
                    ? "in place" + approver()
                    : "into database " + desired.newDatabase()));
  }

  private String approver() {
    var by = desired.approval() == null ? null : desired.approval().approvedBy();
    return by == null
        ? ""
        : ", approved by %s%s".formatted(by, observed.approversKnown() ? "" : " (unverified)");
  }

  private Verdict restored(Ended ended) {
    var report = ended.report() == null ? null : ended.report().restore();
    if (report == null) {
      return new Verdict(
          Reason.RESTORED,
          Objects.requireNonNullElse(ended.detail(), "the Job ended well and told no more"));
    }
    var text = "backup %s is database %s".formatted(report.backup(), report.database());
    return new Verdict(
        Reason.RESTORED,
        report.previousDatabase() == null
            ? text
            : "%s; the one before is kept as %s".formatted(text, report.previousDatabase()));
  }

  /** While it is tried again, why it failed before is still why it is not done. */
  private Optional<Verdict> failureBefore(ObservedJob job) {
    return observed.own().stream()
        .filter(it -> it.attempt() < job.attempt())
        .max(Comparator.comparingInt(ObservedJob::attempt))
        .filter(it -> it.state() instanceof Ended)
        .map(it -> failure(it, (Ended) it.state()));
  }

  private static Verdict failure(ObservedJob job, Ended ended) {
    return ended.outcome() == Outcome.DEADLINE_EXCEEDED
        ? new Verdict(Reason.RESTORE_FAILED, "Job %s was ended after a day".formatted(job.name()))
        : new Verdict(
            ended.outcome().reason(),
            Objects.requireNonNullElse(
                ended.detail(), "Job %s ended without a report".formatted(job.name())));
  }
}
