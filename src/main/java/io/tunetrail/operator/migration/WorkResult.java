package io.tunetrail.operator.migration;

import io.tunetrail.operator.backup.BackupReport;
import io.tunetrail.operator.backup.RestoreReport;
import io.tunetrail.operator.backup.VerificationReport;
import org.jspecify.annotations.Nullable;

/**
 * How work ended.
 *
 * @param from the version before; null before the first and for create-all
 * @param to the version after
 * @param applied migrations or files that took effect
 * @param message what went wrong; null when done
 * @param backup what a backup made; null for other works and where it made none
 * @param verification what a backup was restored to; null for other works and where it was not
 * @param restore what a restore made; null for other works and where it made nothing
 */
public record WorkResult(
    Outcome outcome,
    @Nullable String from,
    @Nullable String to,
    int applied,
    @Nullable String message,
    @Nullable BackupReport backup,
    @Nullable VerificationReport verification,
    @Nullable RestoreReport restore) {

  /** Of a backup. */
  public WorkResult(
      Outcome outcome,
      @Nullable String from,
      @Nullable String to,
      int applied,
      @Nullable String message,
      @Nullable BackupReport backup) {
    this(outcome, from, to, applied, message, backup, null, null);
  }

  /** Of any work that has nothing to do with backups. */
  public WorkResult(
      Outcome outcome,
      @Nullable String from,
      @Nullable String to,
      int applied,
      @Nullable String message) {
    this(outcome, from, to, applied, message, null, null, null);
  }

  /** Of a verification. */
  public static WorkResult of(
      Outcome outcome, @Nullable String message, VerificationReport verification) {
    return new WorkResult(outcome, null, null, 0, message, null, verification, null);
  }

  /** Nothing took effect. */
  public static WorkResult failed(Outcome outcome, String message) {
    return new WorkResult(outcome, null, null, 0, message);
  }

  /** Nothing took effect, for what is mounted is not what the Job was planned for. */
  static WorkResult otherInputs(String found, String wanted) {
    return failed(
        Outcome.INPUTS_CHANGED,
        "the mounted SQL is %s, this Job is for %s".formatted(found, wanted));
  }

  /** Nothing took effect; the schema stays at its version. */
  public static WorkResult failedAt(@Nullable String version, Outcome outcome, String message) {
    return new WorkResult(outcome, version, version, 0, message);
  }

  /** The report of it, without the secrets that the log knows. */
  public Report report(String started, String finished, WorkLog log) {
    return new Report(
        outcome,
        from,
        to,
        applied,
        message == null ? null : log.redacted(message),
        started,
        finished,
        backup,
        verification,
        restore);
  }
}
