package io.tunetrail.operator.migration;

import io.tunetrail.operator.api.Reason;

/**
 * How a Job's work ended; the number is the program's exit code, the reason what the status says.
 */
public enum Outcome {
  DONE(0, Reason.UP_TO_DATE),
  INTERNAL_ERROR(1, Reason.INTERNAL_ERROR),
  INVALID_INPUT(10, Reason.INVALID_SCRIPTS),
  HISTORY_CONFLICT(11, Reason.HISTORY_CONFLICT),
  UNREACHABLE(12, Reason.DATABASE_UNREACHABLE),
  LOCK_NOT_OBTAINED(13, Reason.LOCK_NOT_OBTAINED),
  INPUTS_CHANGED(14, Reason.INPUTS_CHANGED),
  SQL_FAILED(15, Reason.MIGRATION_FAILED),
  INSUFFICIENT_PRIVILEGE(16, Reason.INSUFFICIENT_PRIVILEGE),
  AUTHENTICATION_FAILED(17, Reason.AUTHENTICATION_FAILED),
  LOCK_TIMEOUT(18, Reason.LOCK_TIMEOUT),
  STATEMENT_TIMEOUT(19, Reason.STATEMENT_TIMEOUT),
  READ_ONLY_REPLICA(20, Reason.READ_ONLY_REPLICA),
  TRANSACTION_POOLING(21, Reason.TRANSACTION_POOLING),
  CONNECTION_LOST(22, Reason.CONNECTION_LOST),
  ALEMBIC_NOT_CONFIGURED(23, Reason.ALEMBIC_NOT_CONFIGURED),
  LOCK_LOST(25, Reason.LOCK_LOST),
  SCHEMA_DIFFERS(26, Reason.SCHEMA_DIFFERS),
  SCRATCH_UNAVAILABLE(27, Reason.SCRATCH_UNAVAILABLE),
  UNDO_SCRIPT_MISSING(28, Reason.UNDO_SCRIPT_MISSING),
  PROGRAM_FAILED(29, Reason.PROGRAM_FAILED),
  UNKNOWN_REVISION(30, Reason.UNKNOWN_REVISION),
  SEED_FAILED(31, Reason.SEED_FAILED),
  PLAN_UNAVAILABLE(36, Reason.PLAN_UNAVAILABLE),
  BACKUP_FAILED(40, Reason.BACKUP_FAILED),
  BACKUP_STORAGE_FAILED(41, Reason.BACKUP_STORAGE_FAILED),
  BACKUP_DAMAGED(42, Reason.BACKUP_DAMAGED),
  VERIFICATION_FAILED(43, Reason.VERIFICATION_FAILED),
  SCRATCH_UNFIT(44, Reason.SCRATCH_UNFIT),
  NO_SUCH_BACKUP(45, Reason.NO_SUCH_BACKUP),
  RESTORE_REFUSED(46, Reason.RESTORE_REFUSED),
  RESTORE_FAILED(47, Reason.RESTORE_FAILED),
  RESTORE_DIFFERS(48, Reason.RESTORE_DIFFERS),
  BACKUP_KEY_UNFIT(49, Reason.BACKUP_KEY_UNFIT),
  /** The image of the scripts has no cp; never an exit code of ours. */
  SOURCE_IMAGE_NOT_COPYABLE(-4, Reason.SOURCE_IMAGE_NOT_COPYABLE),
  /** The container can't run as the user that its pod gives it; never an exit code of ours. */
  IMAGE_USER_UNFIT(-3, Reason.IMAGE_USER_UNFIT),
  /** The Job's deadline ended it; never an exit code of ours. */
  DEADLINE_EXCEEDED(-2, Reason.DEADLINE_EXCEEDED),
  /** The container ended without a word: evicted, out of memory, killed. */
  LOST(-1, Reason.JOB_LOST);

  private final int exitCode;
  private final Reason reason;

  Outcome(int exitCode, Reason reason) {
    this.exitCode = exitCode;
    this.reason = reason;
  }

  /** How the status and tunetrail.history spell it: Done, or the reason. */
  public String text() {
    return this == DONE ? "Done" : reason.toString();
  }

  public int exitCode() {
    return exitCode;
  }

  public Reason reason() {
    return reason;
  }

  /** Whether the same work may succeed later without anybody changing the spec or the scripts. */
  public boolean healsAlone() {
    return reason.kind() != Reason.Kind.STALLED;
  }

  /** The outcome of an exit code; {@link #LOST} for one that is not ours, as after a signal. */
  public static Outcome ofExitCode(int exitCode) {
    for (var outcome : values()) {
      if (outcome.exitCode == exitCode && exitCode >= 0) {
        return outcome;
      }
    }
    return LOST;
  }
}
