package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How the backups stand. Times are RFC 3339.
 *
 * @param cronJob that makes them; {@code kubectl create job --from=cronjob/…} makes one now
 * @param lastSuccessful null before the first
 * @param lastFailure null where there was none
 * @param failuresSince how many failed since the last successful one
 * @param nextRun null while none is scheduled
 * @param missedRuns how many times of the schedule passed without one, since the schedule was set
 * @param lastMissed the newest of these times; null where there is none
 * @param schedule that the missed ones are counted by, with its time zone
 * @param countedUntil up to when they are counted
 * @param lastVerified the newest that was restored; null before the first
 * @param lastVerificationFailure why one was not verified; null where there was no such
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackupStatus(
    @Nullable String cronJob,
    @Nullable Successful lastSuccessful,
    @Nullable Failed lastFailure,
    int failuresSince,
    @Nullable String nextRun,
    int missedRuns,
    @Nullable String lastMissed,
    @Nullable String schedule,
    @Nullable String countedUntil,
    @Nullable Verified lastVerified,
    @Nullable NotVerified lastVerificationFailure) {

  /** Before anything is known. */
  public static final BackupStatus NONE =
      new BackupStatus(null, null, null, 0, null, 0, null, null, null, null, null);

  /**
   * A backup that is whole.
   *
   * @param name the backup's
   * @param time when it was complete
   * @param size two significant digits, as in 12 MB
   * @param duration of the work, as in 3m20s
   * @param location claim, folder and file, or s3://, bucket and key
   * @param migrationVersion that is in it; null where the database has none
   * @param sizeBytes the same to the byte; null where an earlier version of the operator told it
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Successful(
      String name,
      String time,
      String size,
      String duration,
      String location,
      @Nullable String migrationVersion,
      @Nullable Long sizeBytes) {}

  /**
   * One that is none.
   *
   * @param job name of the Job
   * @param time when it ended
   * @param reason a constant word: see the table of reasons
   * @param message what went wrong
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Failed(String job, String time, String reason, String message) {}

  /**
   * A backup that was restored and is what its manifest says.
   *
   * @param name the backup's
   * @param time when that was known
   * @param duration of the work, as in 3m20s
   * @param tables that were compared
   * @param rows in all of them
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Verified(String name, String time, String duration, int tables, long rows) {}

  /**
   * A verification that failed.
   *
   * @param job name of the Job
   * @param time when it ended
   * @param reason a constant word: see the table of reasons
   * @param message what went wrong
   * @param name the backup's
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record NotVerified(String name, String job, String time, String reason, String message) {}

  /** The same with what verifications told. */
  public BackupStatus withVerifications(
      @Nullable Verified verified, @Nullable NotVerified notVerified) {
    return new BackupStatus(
        cronJob,
        lastSuccessful,
        lastFailure,
        failuresSince,
        nextRun,
        missedRuns,
        lastMissed,
        schedule,
        countedUntil,
        verified,
        notVerified);
  }
}
