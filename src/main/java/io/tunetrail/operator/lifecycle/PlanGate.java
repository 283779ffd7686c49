package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.ApprovalSpec;
import io.tunetrail.operator.api.ApprovalStatus;
import io.tunetrail.operator.api.PlanStatus;
import io.tunetrail.operator.api.Reason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The gate where an approval names a plan: it is void as soon as anything that the plan binds is
 * another.
 *
 * @param kept the plan that is kept, be it of what is pending now or was before; null: none is
 */
record PlanGate(
    Desired desired,
    Candidate candidate,
    @Nullable ApprovalStatus memory,
    @Nullable PlanStatus kept) {

  static Gate of(
      Desired desired,
      Candidate candidate,
      @Nullable ApprovalStatus memory,
      @Nullable PlanStatus kept) {
    var gate = new PlanGate(desired, candidate, memory, kept);
    var approval = desired.approval();
    return approval == null
        ? Gate.unapproved(desired, candidate.progress(), candidate.digest(), memory)
        : gate.with(approval);
  }

  private Gate with(ApprovalSpec approval) {
    var digest = approval.digest();
    if (digest == null) {
      return Gate.closed(
          Reason.AWAITING_APPROVAL,
          "the approval names no plan, which migration.approval asks for: set approval.digest to"
              + " that of status.plan; "
              + waiting(),
          memory);
    }
    return candidate.isApprovedBy(digest) ? approved(approval, digest) : other(approval, digest);
  }

  private Gate approved(ApprovalSpec approval, String digest) {
    var progress = candidate.progress();
    return Gate.otherWay(desired, approval, progress, candidate.digest(), memory)
        .orElseGet(() -> opened(approval, digest, named(approval, digest)));
  }

  /** An approval that was there before its plan was analysed opens nothing before that. */
  private Gate opened(ApprovalSpec approval, String digest, @Nullable PlanStatus plan) {
    if (plan == null && digest.equals(candidate.digest())) {
      return Gate.closed(
          Reason.AWAITING_APPROVAL, "the plan is not shown yet; " + waiting(), memory);
    }
    if (plan != null
        && Boolean.TRUE.equals(plan.destructive())
        && !Boolean.TRUE.equals(approval.destructive())) {
      return Gate.closed(
          Reason.AWAITING_APPROVAL,
          "the plan destroys data, which needs an approval with destructive: true; " + waiting(),
          memory);
    }
    return Gate.opened(desired, approval, candidate.progress(), candidate.digest(), memory, plan);
  }

  /** The approval is of another plan, or of none that is known. */
  private Gate other(ApprovalSpec approval, String digest) {
    var progress = candidate.progress();
    var plan = named(approval, digest);
    return Gate.spent(desired, approval, progress, candidate.digest(), memory)
        .or(
            () ->
                plan == null
                    ? Gate.otherWay(desired, approval, progress, candidate.digest(), memory)
                    : Optional.empty())
        .orElseGet(() -> stale(approval, digest, plan));
  }

  private Gate stale(ApprovalSpec approval, String digest, @Nullable PlanStatus plan) {
    if (plan == null) {
      return Gate.closed(
          Reason.APPROVAL_STALE,
          "what would run is not what was approved: approved %s, planned %s"
              .formatted(digest, candidate.digest()),
          memory);
    }
    return Gate.closed(
        Reason.APPROVAL_STALE,
        "what would run is not what was approved: %s (approved %s, planned %s)"
            .formatted(String.join("; ", candidate.changedSince(plan)), digest, candidate.digest()),
        new ApprovalStatus(Gate.key(approval), plan.from(), approval.version(), false, plan));
  }

  /** The plan that the approval names; null where it is not known. */
  private @Nullable PlanStatus named(ApprovalSpec approval, String digest) {
    if (kept != null && kept.digest().equals(digest)) {
      return kept;
    }
    return memory != null && memory.key().equals(Gate.key(approval)) ? memory.plan() : null;
  }

  private String waiting() {
    return Gate.waiting(desired, candidate.progress(), candidate.digest());
  }
}
