package io.tunetrail.operator.backup;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.tunetrail.operator.api.BackupStatus;
import io.tunetrail.operator.api.BackupStatus.Failed;
import io.tunetrail.operator.api.BackupStatus.Successful;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.ObservedJob.Blocked;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.Verdict;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.status.ByteSize;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * From the Jobs that are there and what was said before to what is said now: Jobs go, what they did
 * stays counted.
 *
 * @param before what was said last
 * @param backups the CronJob's Jobs
 */
record BackupHistory(BackupStatus before, List<ObservedBackup> backups, Instant now) {
  /** So late something is wrong; the CronJob controller is seldom a minute late. */
  private static final Duration LATE = Duration.ofMinutes(10);

  /** With what has ended since. */
  BackupStatus ended() {
    var status = before;
    for (var backup : news()) {
      status = after(status, backup, (Ended) backup.job().state());
    }
    return status;
  }

  /** Ended later than what is said already, oldest first. */
  private List<ObservedBackup> news() {
    return backups.stream()
        .filter(it -> it.job().state() instanceof Ended ended && isNews(it, ended))
        .sorted(Comparator.comparing(it -> ((Ended) it.job().state()).at()))
        .toList();
  }

  private boolean isNews(ObservedBackup backup, Ended ended) {
    var known = known();
    return known == null
        || ended.at().isAfter(known)
        || (ended.at().equals(known) && !isSaid(backup, ended));
  }

  private boolean isSaid(ObservedBackup backup, Ended ended) {
    var report = ended.report() == null ? null : ended.report().backup();
    var success = before.lastSuccessful();
    var failure = before.lastFailure();
    return (success != null && report != null && success.name().equals(report.name()))
        || (failure != null && failure.job().equals(backup.job().name()));
  }

  private @Nullable Instant known() {
    var success = before.lastSuccessful();
    var failure = before.lastFailure();
    return Stream.of(
            success == null ? null : success.time(), failure == null ? null : failure.time())
        .filter(Objects::nonNull)
        .map(Instant::parse)
        .max(Comparator.naturalOrder())
        .orElse(null);
  }

  private static BackupStatus after(BackupStatus status, ObservedBackup backup, Ended ended) {
    boolean succeeded = backup.succeeded();
    return new BackupStatus(
        status.cronJob(),
        succeeded ? successful(ended) : status.lastSuccessful(),
        succeeded ? status.lastFailure() : failed(backup, ended),
        succeeded ? 0 : status.failuresSince() + 1,
        status.nextRun(),
        status.missedRuns(),
        status.lastMissed(),
        status.schedule(),
        status.countedUntil(),
        status.lastVerified(),
        status.lastVerificationFailure());
  }

  private static Successful successful(Ended ended) {
    var report = requireNonNull(ended.report());
    var backup = requireNonNull(report.backup());
    var started = report.started() == null ? ended.at() : Instant.parse(report.started());
    return new Successful(
        backup.name(),
        ended.at().toString(),
        ByteSize.format(backup.sizeBytes()),
        shown(Duration.between(started, ended.at())),
        backup.location(),
        report.to(),
        backup.sizeBytes());
  }

  static String shown(Duration duration) {
    var seconds = duration.isNegative() ? Duration.ZERO : duration.truncatedTo(ChronoUnit.SECONDS);
    return seconds.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
  }

  private static Failed failed(ObservedBackup backup, Ended ended) {
    var name = backup.job().name();
    return switch (ended.outcome()) {
      case DEADLINE_EXCEEDED ->
          failed(name, ended, Reason.BACKUP_FAILED, "Job " + name + " was ended after a day");
      case DONE ->
          failed(name, ended, Reason.BACKUP_FAILED, "Job " + name + " did not tell what it made");
      default ->
          failed(
              name,
              ended,
              ended.outcome() == Outcome.SQL_FAILED
                  ? Reason.BACKUP_FAILED
                  : ended.outcome().reason(),
              requireNonNullElse(ended.detail(), "Job " + name + " ended without a report"));
    };
  }

  private static Failed failed(String job, Ended ended, Reason reason, String detail) {
    return new Failed(job, ended.at().toString(), reason.toString(), Verdict.shortened(detail));
  }

  /** With the times of the schedule that passed in vain; a new schedule is counted anew. */
  BackupStatus counted(BackupStatus status, BackupSchedule schedule, boolean suspended) {
    var counted = status.countedUntil();
    if (counted == null || !schedule.text().equals(status.schedule())) {
      return counting(status, schedule, 0, null, now);
    }
    var since = Instant.parse(counted);
    var missed =
        suspended
            ? new MissedRuns(List.of(), now)
            : MissedRuns.after(since, schedule, backups, now);
    // The status is written when something happened, and not because time passes.
    boolean passed = !schedule.between(since, missed.countedUntil()).isEmpty();
    return counting(
        status,
        schedule,
        status.missedRuns() + missed.times().size(),
        missed.times().isEmpty()
            ? status.lastMissed()
            : missed.times().getLast().toInstant().toString(),
        passed ? missed.countedUntil() : since);
  }

  private static BackupStatus counting(
      BackupStatus status,
      BackupSchedule schedule,
      int missed,
      @Nullable String lastMissed,
      Instant until) {
    return new BackupStatus(
        status.cronJob(),
        status.lastSuccessful(),
        status.lastFailure(),
        status.failuresSince(),
        status.nextRun(),
        missed,
        lastMissed,
        schedule.text(),
        until.truncatedTo(ChronoUnit.SECONDS).toString(),
        status.lastVerified(),
        status.lastVerificationFailure());
  }

  /** What is wrong now, or that nothing is. */
  BackupWord word(BackupStatus status, BackupSchedule schedule) {
    for (var backup : backups) {
      if (backup.job().state() instanceof Blocked blocked) {
        return BackupWord.of(status, false, blocked.reason(), blocked.detail());
      }
    }
    var failure = status.lastFailure();
    if (failure != null && status.failuresSince() > 0) {
      var detail =
          "%s%s"
              .formatted(
                  failure.message(),
                  status.failuresSince() == 1
                      ? ""
                      : "; %d failed in a row".formatted(status.failuresSince()));
      return BackupWord.of(status, false, reason(failure.reason()), detail);
    }
    var late = late(status, schedule);
    if (late != null) {
      return BackupWord.of(
          status, false, Reason.BACKUP_MISSED, "the backup of %s was not begun".formatted(late));
    }
    var success = status.lastSuccessful();
    return success == null
        ? BackupWord.of(
            status, null, Reason.NO_BACKUP_YET, "the first is due at " + status.nextRun())
        : BackupWord.of(
            status,
            true,
            Reason.BACKED_UP,
            "%s holds %s".formatted(success.location(), success.size()));
  }

  /** The newest time that passed in vain and that no later backup made good; null: none. */
  private @Nullable String late(BackupStatus status, BackupSchedule schedule) {
    var success = status.lastSuccessful();
    var missed = status.lastMissed();
    if (missed != null
        && (success == null || Instant.parse(success.time()).isBefore(Instant.parse(missed)))) {
      return missed;
    }
    if (status.countedUntil() == null || backups.stream().anyMatch(ObservedBackup::running)) {
      return null;
    }
    var due = schedule.between(Instant.parse(status.countedUntil()), now.minus(LATE));
    if (due.isEmpty()) {
      return null;
    }
    var newest = due.getLast().toInstant();
    return backups.stream().anyMatch(it -> newest.equals(it.slot())) ? null : newest.toString();
  }

  static Reason reason(String text) {
    for (var reason : Reason.values()) {
      if (reason.toString().equals(text)) {
        return reason;
      }
    }
    return Reason.BACKUP_FAILED;
  }
}
