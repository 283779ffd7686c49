package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A work that a Job did on the database. Times are RFC 3339; versions are null where the database
 * has or had none.
 *
 * @param job name of the Job
 * @param outcome Done, or the reason why it failed
 * @param from the version before
 * @param to the version after
 * @param started when it began
 * @param approvedBy who approved it; null where nobody had to
 * @param finished null while it runs, and in status.history
 * @param message what went wrong, where the Job said so; tunetrail.history has none
 * @param task migrate, undo, baseline or create-all
 * @param approvalDigest what the approval was bound to
 * @param duration as in 1h2m3s; in status.history only
 * @param requestedBy who asked for it
 * @param backup of what the database held before it, by name; null where none was asked for
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LastMigration(
    String job,
    String outcome,
    @Nullable String from,
    @Nullable String to,
    @Nullable String started,
    @Nullable String finished,
    @Nullable String message,
    @Nullable String approvedBy,
    @Nullable String task,
    @Nullable String approvalDigest,
    @Nullable String duration,
    @Nullable String requestedBy,
    @Nullable String backup) {

  public LastMigration withBackup(@Nullable String name) {
    return new LastMigration(
        job,
        outcome,
        from,
        to,
        started,
        finished,
        message,
        approvedBy,
        task,
        approvalDigest,
        duration,
        requestedBy,
        name);
  }
}
