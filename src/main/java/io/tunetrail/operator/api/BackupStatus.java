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
    @Nullable String countedUntil) {

  /** Before anything is known. */
  public static final BackupStatus NONE =
      new BackupStatus(null, null, null, 0, null, 0, null, null, null);

  /**
   * A backup that is whole.
   *
   * @param time when it was complete
   * @param size two significant digits, as in 12 MB
   * @param duration of the work, as in 3m20s
   * @param location claim, folder and file, or s3://, bucket and key
   * @param migrationVersion that is in it; null where the database has none
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Successful(
      String name,
      String time,
      String size,
      String duration,
      String location,
      @Nullable String migrationVersion) {}

  /** One that is none. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Failed(String job, String time, String reason, String message) {}
}
