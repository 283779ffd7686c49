package io.tunetrail.operator.backup;

import io.tunetrail.operator.api.BackupStatus;
import io.tunetrail.operator.api.BackupStatus.Successful;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said of a resource's backups.
 *
 * @param healthy null: it can't be told
 * @param verdict why
 */
public record BackupWord(BackupStatus status, @Nullable Boolean healthy, Verdict verdict) {

  static BackupWord of(
      BackupStatus status, @Nullable Boolean healthy, Reason reason, String detail) {
    return new BackupWord(status, healthy, new Verdict(reason, detail));
  }

  /**
   * What is to be said; nothing where no backups are asked for.
   *
   * @param cronJob its name
   * @param before what was said last; null before the first
   * @param backups the CronJob's Jobs
   * @param obstacle why the CronJob is not as it should be; null where it is
   */
  public static Optional<BackupWord> next(
      DesiredBackup desired,
      String cronJob,
      @Nullable BackupStatus before,
      List<ObservedBackup> backups,
      @Nullable Verdict obstacle,
      Instant now) {
    var known = before == null ? BackupStatus.NONE : before;
    var history = new BackupHistory(known, backups, now);
    return switch (desired) {
      case DesiredBackup.None _ -> Optional.empty();
      case DesiredBackup.Invalid invalid ->
          Optional.of(of(history.ended(), false, Reason.INVALID_SCHEDULE, invalid.detail()));
      case DesiredBackup.Scheduled scheduled ->
          Optional.of(scheduled(history, scheduled, cronJob, obstacle));
    };
  }

  private static BackupWord scheduled(
      BackupHistory history,
      DesiredBackup.Scheduled desired,
      String cronJob,
      @Nullable Verdict obstacle) {
    var schedule = desired.schedule();
    var counted = history.counted(history.ended(), schedule, desired.suspended());
    var next = desired.suspended() ? Optional.<Instant>empty() : schedule.next(history.now());
    var status = named(counted, cronJob, next.map(Instant::toString).orElse(null));
    if (obstacle != null) {
      return new BackupWord(status, false, obstacle);
    }
    return desired.suspended()
        ? of(status, null, Reason.BACKUP_SUSPENDED, "no backups are made by schedule")
        : history.word(status, schedule);
  }

  private static BackupStatus named(BackupStatus status, String cronJob, @Nullable String next) {
    return new BackupStatus(
        cronJob,
        status.lastSuccessful(),
        status.lastFailure(),
        status.failuresSince(),
        next,
        status.missedRuns(),
        status.lastMissed(),
        status.schedule(),
        status.countedUntil(),
        status.lastVerified(),
        status.lastVerificationFailure());
  }

  /** The same with what verifications told, which counts where there is a whole backup. */
  public BackupWord with(Verifications verifications, boolean suspended) {
    var told = verifications.ended(status);
    var success = told.lastSuccessful();
    return verdict.reason() != Reason.BACKED_UP || success == null
        ? new BackupWord(told, healthy, verdict)
        : new VerificationWord(told, success, verdict.detail())
            .word(suspended, verifications.obstacle());
  }

  /** The same where a verification that is due can't be begun. */
  public BackupWord notVerified(Verdict why) {
    return verdict.reason() == Reason.BACKED_UP
        ? of(
            status,
            healthy,
            Reason.BACKED_UP,
            "%s; not verified: %s".formatted(verdict.detail(), why.message()))
        : this;
  }

  /** What there is to tell of a verification. */
  public record VerificationNews(boolean warning, Reason reason, String message) {}

  /**
   * Of one that was not told of before; a failure that makes backups unhealthy is told of with the
   * condition.
   */
  public Optional<VerificationNews> verificationNews(@Nullable BackupStatus before) {
    var verified = status.lastVerified();
    if (verified != null && (before == null || !verified.equals(before.lastVerified()))) {
      var message = "%s: %s".formatted(verified.name(), VerificationWord.restored(verified));
      return Optional.of(new VerificationNews(false, Reason.VERIFIED, message));
    }
    var failure = status.lastVerificationFailure();
    if (failure == null
        || VerificationWord.foundWrong(failure)
        || (before != null && failure.equals(before.lastVerificationFailure()))) {
      return Optional.empty();
    }
    var why = new Verdict(BackupHistory.reason(failure.reason()), failure.message());
    var message = "%s is not verified: %s".formatted(failure.name(), why.message());
    return Optional.of(new VerificationNews(true, why.reason(), message));
  }

  /**
   * What there is to tell of a backup that was not told of before: where it is and what its
   * retention removed; empty where there is no news.
   */
  public Optional<String> news(@Nullable BackupStatus before, List<ObservedBackup> backups) {
    var success = status.lastSuccessful();
    var known = before == null ? null : before.lastSuccessful();
    return success == null || (known != null && known.name().equals(success.name()))
        ? Optional.empty()
        : Optional.of(told(success, backups));
  }

  /** Of times of the schedule that were counted as missed since; empty where none were. */
  public Optional<String> missedNews(@Nullable BackupStatus before) {
    int missed = before == null ? 0 : status.missedRuns() - before.missedRuns();
    if (missed <= 0) {
      return Optional.empty();
    }
    var last = "the backup of %s was not begun".formatted(status.lastMissed());
    return Optional.of(
        missed == 1 ? last : "%s, nor were %d before it".formatted(last, missed - 1));
  }

  private static String told(Successful success, List<ObservedBackup> backups) {
    var text =
        "%s holds %s, made in %s".formatted(success.location(), success.size(), success.duration());
    return backups.stream()
        .map(it -> it.job().state() instanceof Ended ended ? ended.report() : null)
        .map(it -> it == null ? null : it.backup())
        .filter(it -> it != null && it.name().equals(success.name()) && it.removedCount() > 0)
        .findFirst()
        .map(it -> text + "; the retention removed " + removed(it))
        .orElse(text);
  }

  private static String removed(BackupReport report) {
    int more = report.removedCount() - report.removed().size();
    var names = String.join(", ", report.removed());
    return more == 0 ? names : "%s and %d more".formatted(names, more);
  }
}
