package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.BackupFirst;
import io.tunetrail.operator.api.BackupStatus;
import io.tunetrail.operator.api.BackupStatus.NotVerified;
import io.tunetrail.operator.api.BackupStatus.Successful;
import io.tunetrail.operator.api.LastMigration;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.engine.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether a work may start as far as backups go ({@code migration.backupFirst}): one of what it
 * finds is complete, so that what it destroys is not lost.
 */
public sealed interface BackupGate {

  /** What was backed up so long ago has changed since, by those who use it. */
  Duration FRESH = Duration.ofHours(1);

  /** As long as a verification's Job may live. */
  Duration LONGEST_VERIFICATION = Duration.ofDays(1);

  /** It may; {@code backup} is the name of the one that was asked for, null where none was. */
  record Open(@Nullable String backup) implements BackupGate {}

  /** One is being made, or can't be made yet. */
  record Waiting(Verdict verdict) implements BackupGate {}

  /** One is to be made by a Job whose name ends so. */
  record Wanted(String suffix, Verdict verdict) implements BackupGate {}

  /**
   * How a resource's backups stand.
   *
   * @param running the Job that makes one now; null: none does
   * @param obstacle why none can be made; null where nothing is in the way
   */
  record Standing(BackupStatus status, @Nullable String running, @Nullable Verdict obstacle) {}

  /**
   * Whether the gate is open.
   *
   * @param start the work
   * @param lastWork what was done last on the database; null: nothing yet
   */
  static BackupGate of(
      Desired desired,
      Observed observed,
      Work start,
      @Nullable LastMigration lastWork,
      Standing standing) {
    if (desired.backupFirst() == BackupFirst.NEVER || !endangers(start.task(), observed)) {
      return new Open(null);
    }
    var success = standing.status().lastSuccessful();
    var known =
        success == null || !isAfter(lastWork, success.time())
            ? null
            : known(desired.backupFirst(), success, standing.status(), observed.now());
    if (known != null) {
      return known;
    }
    if (standing.running() != null) {
      return waiting("Job %s makes a backup before it".formatted(standing.running()));
    }
    return standing.obstacle() == null
        ? made(start, standing.status(), observed.now())
        : new Waiting(
            new Verdict(
                Reason.BACKUP_FIRST_FAILED,
                "no backup can be made: " + standing.obstacle().message()));
  }

  /** A database without tables has nothing to lose. */
  private static boolean endangers(Task task, Observed observed) {
    boolean empty = observed.look() instanceof Look.Seen seen && seen.facts().tableCount() == 0;
    return switch (task) {
      case MIGRATE, UNDO, CREATE_ALL -> !empty;
      case LOOK,
          INSPECT,
          PLAN,
          BASELINE,
          SEED,
          GENERATE,
          SETUP,
          CHECK,
          EXAMINE,
          BACKUP,
          VERIFY,
          RESTORE ->
          false;
    };
  }

  /** A work that failed leaves the backup of before it what is wanted. */
  private static boolean isAfter(@Nullable LastMigration lastWork, String made) {
    return lastWork == null
        || lastWork.finished() == null
        || !lastWork.outcome().equals("Done")
        || Instant.parse(made).isAfter(Instant.parse(lastWork.finished()));
  }

  /** What the newest backup means for the gate; null where another one must be made. */
  private static @Nullable BackupGate known(
      BackupFirst asked, Successful success, BackupStatus status, Instant now) {
    var open = new Open(success.name());
    return switch (asked) {
      case NEVER -> open;
      case COMPLETE -> isOf(FRESH, success.time(), now) ? open : null;
      case VERIFIED -> {
        var verified = status.lastVerified();
        var failure = status.lastVerificationFailure();
        if (verified != null && verified.name().equals(success.name())) {
          yield isOf(FRESH, verified.time(), now) ? open : null;
        }
        if (failure != null && failure.name().equals(success.name())) {
          yield isOf(FRESH, failure.time(), now) ? new Waiting(unverified(failure)) : null;
        }
        yield isOf(LONGEST_VERIFICATION, success.time(), now)
            ? waiting("backup %s is being verified".formatted(success.name()))
            : null;
      }
    };
  }

  private static boolean isOf(Duration last, String time, Instant now) {
    return Instant.parse(time).isAfter(now.minus(last));
  }

  private static Verdict unverified(NotVerified failure) {
    return new Verdict(
        Reason.BACKUP_FIRST_FAILED,
        "backup %s was not verified (%s): %s"
            .formatted(failure.name(), failure.reason(), failure.message()));
  }

  /** Tried again as every work is; each time it is another Job. */
  private static BackupGate made(Work start, BackupStatus status, Instant now) {
    var success = status.lastSuccessful();
    var suffix =
        Digest.of(
                start.inputs(),
                success == null ? "" : success.name(),
                Integer.toString(status.failuresSince()))
            .substring("sha256:".length())
            .substring(0, 10);
    var failure = status.failuresSince() == 0 ? null : status.lastFailure();
    if (failure == null) {
      return new Wanted(
          suffix, new Verdict(Reason.WAITING_FOR_BACKUP, "a backup is made before it"));
    }
    var verdict =
        new Verdict(
            Reason.BACKUP_FIRST_FAILED,
            "the backup before it failed (%s): %s".formatted(failure.reason(), failure.message()));
    var again = Instant.parse(failure.time()).plus(Lifecycle.backoff(status.failuresSince()));
    return again.isAfter(now) ? new Waiting(verdict) : new Wanted(suffix, verdict);
  }

  private static BackupGate waiting(String detail) {
    return new Waiting(new Verdict(Reason.WAITING_FOR_BACKUP, Objects.requireNonNull(detail)));
  }
}
