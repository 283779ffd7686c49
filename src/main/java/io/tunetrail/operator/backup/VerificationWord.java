package io.tunetrail.operator.backup;

import io.tunetrail.operator.api.BackupStatus;
import io.tunetrail.operator.api.BackupStatus.NotVerified;
import io.tunetrail.operator.api.BackupStatus.Successful;
import io.tunetrail.operator.api.BackupStatus.Verified;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.Verdict;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What verifications make of a backup that is there. What was found wrong with one makes backups
 * unhealthy until another is verified. That none could be restored, because no scratch database can
 * be had, does not: nothing is known to be wrong, and nobody is to be woken each night for it; the
 * condition's message and an Event say what to do.
 *
 * @param newest the backup
 * @param there that it is, in words
 */
record VerificationWord(BackupStatus status, Successful newest, String there) {

  /**
   * The word.
   *
   * @param suspended whether nothing is verified any more
   * @param obstacle what keeps a verification's pod from starting; null: nothing
   */
  BackupWord word(boolean suspended, @Nullable Verdict obstacle) {
    var failure = status.lastVerificationFailure();
    var verified = status.lastVerified();
    if (failure != null && isOpen(failure, verified)) {
      boolean ofNewest = failure.name().equals(newest.name());
      if (foundWrong(failure) && (ofNewest || !suspended)) {
        return BackupWord.of(
            status, false, BackupHistory.reason(failure.reason()), failure.message());
      }
      if (ofNewest && !suspended) {
        return notVerified(new Verdict(BackupHistory.reason(failure.reason()), failure.message()));
      }
    }
    if (verified != null && verified.name().equals(newest.name())) {
      return healthy("%s; %s".formatted(there, restored(verified)));
    }
    return obstacle == null || suspended ? healthy(there) : notVerified(obstacle);
  }

  static String restored(Verified verified) {
    return "restored in %s, %d tables with %d rows are as they were"
        .formatted(verified.duration(), verified.tables(), verified.rows());
  }

  private static boolean isOpen(NotVerified failure, @Nullable Verified verified) {
    return verified == null
        || Instant.parse(verified.time()).isBefore(Instant.parse(failure.time()));
  }

  /** Whether it tells of the backup, and not of what kept it from being restored. */
  static boolean foundWrong(NotVerified failure) {
    return switch (BackupHistory.reason(failure.reason())) {
      case BACKUP_DAMAGED,
          VERIFICATION_FAILED,
          SCRATCH_UNFIT,
          BACKUP_STORAGE_FAILED,
          BACKUP_KEY_UNFIT ->
          true;
      default -> false;
    };
  }

  private BackupWord notVerified(Verdict why) {
    return healthy("%s; not verified: %s".formatted(there, why.message()));
  }

  private BackupWord healthy(String detail) {
    return BackupWord.of(status, true, Reason.BACKED_UP, detail);
  }
}
