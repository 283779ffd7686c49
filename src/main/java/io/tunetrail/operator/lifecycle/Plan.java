package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.ApprovalStatus;
import io.tunetrail.operator.api.PlanRequestStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What to say and what to do next.
 *
 * @param verdict null: say what was said before, a short disturbance may pass
 * @param progress where the schema stands; null where it could not be seen
 * @param start the Job to create; null: none
 * @param keep what is to be kept of what Jobs told, or forgotten; null: all as it is
 * @param approval what to remember of the approval; null: nothing
 * @param lookAgain when to look again if nothing happens before
 * @param gateClosed whether what is pending waits for an approval
 * @param answer to who asked for a plan; null: none yet, or nobody asks
 */
public record Plan(
    @Nullable Verdict verdict,
    @Nullable Progress progress,
    @Nullable Work start,
    @Nullable Keeping keep,
    @Nullable ApprovalStatus approval,
    Duration lookAgain,
    boolean gateClosed,
    @Nullable PlanRequestStatus answer) {

  /** A plan for which no approval is waited. */
  public Plan(
      @Nullable Verdict verdict,
      @Nullable Progress progress,
      @Nullable Work start,
      @Nullable Keeping keep,
      @Nullable ApprovalStatus approval,
      Duration lookAgain) {
    this(verdict, progress, start, keep, approval, lookAgain, false, null);
  }

  static Plan say(
      Verdict verdict,
      @Nullable Progress progress,
      @Nullable ApprovalStatus approval,
      Duration lookAgain) {
    return new Plan(verdict, progress, null, null, approval, lookAgain);
  }

  /**
   * The same plan with another verdict, where carrying it out met an obstacle; it is looked at
   * again soon.
   */
  public Plan saying(Verdict obstacle) {
    return new Plan(
        obstacle, progress, start, keep, approval, Lifecycle.PERIOD_AWAY, gateClosed, answer);
  }

  /** The same plan without the Job to start. */
  public Plan withoutStart() {
    return new Plan(verdict, progress, null, keep, approval, lookAgain, gateClosed, answer);
  }

  /** The same plan without the Job to start, which has to wait and is told when it need not. */
  public Plan waiting(Verdict objection) {
    return new Plan(
        objection, progress, null, keep, approval, Lifecycle.PERIOD, gateClosed, answer);
  }

  /**
   * The same plan, whose work knows of a backup of what the database held before it.
   *
   * @param backup its name
   */
  public Plan backedUpBy(String backup) {
    return start == null
        ? this
        : new Plan(
            verdict,
            progress,
            start.withBackup(backup),
            keep,
            approval,
            lookAgain,
            gateClosed,
            answer);
  }

  /** The same plan, which also keeps or forgets something. */
  Plan keeping(Keeping what) {
    return new Plan(verdict, progress, start, what, approval, lookAgain, gateClosed, answer);
  }

  /** The same plan, while what is pending waits for an approval. */
  Plan closed() {
    return new Plan(verdict, progress, start, keep, approval, lookAgain, true, answer);
  }

  /** The same plan, which also answers who asked for the SQL. */
  Plan answering(PlanRequestStatus word) {
    return new Plan(verdict, progress, start, keep, approval, lookAgain, gateClosed, word);
  }
}
