package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Report;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A Job of ours, by owner UID.
 *
 * @param task what it is for
 * @param inputs the digest of what it was started for: {@link Work#inputs}
 * @param attempt from 1
 * @param approvedBy who approved it, as the approval says; null where none was needed or nobody was
 *     named
 * @param backup of what the database held before it, by name; null where none was asked for
 */
public record ObservedJob(
    String name,
    Task task,
    String inputs,
    int attempt,
    @Nullable String approvedBy,
    State state,
    @Nullable String backup) {

  /** One that no backup was asked for. */
  public ObservedJob(
      String name,
      Task task,
      String inputs,
      int attempt,
      @Nullable String approvedBy,
      State state) {
    this(name, task, inputs, attempt, approvedBy, state, null);
  }

  /** Where the Job stands. */
  public sealed interface State {}

  /** Its container has not ended. */
  public record Running() implements State {}

  /**
   * Nothing of it runs, because its pod can't start.
   *
   * @param detail why, in Kubernetes' words
   * @param generation of the resource that it was made for; null where the Job does not say
   */
  public record Blocked(Reason reason, String detail, @Nullable Long generation) implements State {}

  /**
   * Its container has ended, whether or not the Job's condition says so yet.
   *
   * @param detail what happened, free of secrets; null when there is nothing to say
   * @param report null where the container left none
   */
  public record Ended(Outcome outcome, Instant at, @Nullable String detail, @Nullable Report report)
      implements State {}

  boolean running() {
    return !(state instanceof Ended);
  }
}
