package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.ApprovalStatus;
import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.PlanRequestStatus;
import io.tunetrail.operator.api.PlanStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything the decision may know.
 *
 * @param scriptsDigest of the scripts as they stand; empty where they could not be read, and then
 *     the look is unseen
 * @param inspection what is known of the image that holds the migrations
 * @param seedDigest of the fixtures as they stand; null where none are asked for
 * @param jobs ours by owner UID, in any order
 * @param rival how to name the older resource for the same database; null where there is none
 * @param approversKnown whether the API server makes sure that an approval names its author
 * @param plan the one that is kept; null where none is
 */
public record Observed(
    Instant now,
    String scriptsDigest,
    Look look,
    Inspection inspection,
    @Nullable String seedDigest,
    List<ObservedJob> jobs,
    @Nullable String rival,
    boolean approversKnown,
    Memory memory,
    @Nullable PlanStatus plan) {

  /**
   * What the last status remembers and the database can't know.
   *
   * @param environment the environment the resource was accepted with; null before that
   * @param identity the database it was accepted for; null before that
   * @param approval the approval that was accepted last; null where there was none
   * @param reachable whether the database answered at the last look
   * @param refusedSince since when PostgreSQL refuses the password; null while it does not
   * @param planRequest what became of the last request for a plan; null where there was none
   */
  public record Memory(
      @Nullable Environment environment,
      @Nullable String identity,
      @Nullable ApprovalStatus approval,
      boolean reachable,
      @Nullable Instant refusedSince,
      DriftMemory drift,
      @Nullable PlanRequestStatus planRequest) {

    /** Of a resource for which nobody asked for a plan. */
    public Memory(
        @Nullable Environment environment,
        @Nullable String identity,
        @Nullable ApprovalStatus approval,
        boolean reachable,
        @Nullable Instant refusedSince,
        DriftMemory drift) {
      this(environment, identity, approval, reachable, refusedSince, drift, null);
    }

    public static final Memory NONE = new Memory(null, null, null, false, null, DriftMemory.NONE);
  }

  /** The image that is planned with, by its digest in the registry; null where none is known. */
  @Nullable String pinned(Desired desired) {
    return desired.plans() && inspection instanceof Inspection.Known known ? known.pinned() : null;
  }

  /** The Job that works; empty where none does. */
  public Optional<ObservedJob> running() {
    return jobs.stream().filter(ObservedJob::running).findFirst();
  }

  Optional<ObservedJob> lastEnded(String inputs) {
    return jobs.stream()
        .filter(job -> job.inputs().equals(inputs) && !job.running())
        .max(Comparator.comparingInt(ObservedJob::attempt));
  }

  Optional<ObservedJob> lastAttempt(String inputs) {
    return jobs.stream()
        .filter(job -> job.inputs().equals(inputs))
        .max(Comparator.comparingInt(ObservedJob::attempt));
  }
}
