package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.ApprovalSpec;
import io.tunetrail.operator.api.ApprovalStatus;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether production may go on: an approval opens the gate for one way, from the version it met to
 * the version it names. It stays open while that way is being gone and is spent at its end.
 */
sealed interface Gate {

  /** What is pending is approved; {@code memory} is to be kept. */
  record Open(ApprovalStatus memory) implements Gate {}

  /** It is not; the verdict says what is missing. */
  record Closed(Verdict verdict) implements Gate {}

  static Gate of(
      Desired desired,
      SchemaState.Flyway schema,
      Progress progress,
      @Nullable ApprovalStatus memory) {
    var approval = desired.approval();
    if (approval == null) {
      return closed(Reason.AWAITING_APPROVAL, waiting(progress));
    }
    if (!Versions.same(approval.version(), progress.target())) {
      return closed(
          Reason.AWAITING_APPROVAL,
          "the approval is for version %s, the target is %s; %s"
              .formatted(approval.version(), progress.target(), waiting(progress)));
    }
    if (approval.digest() != null
        && !PendingDigest.approves(approval.digest(), desired, schema, progress)) {
      return closed(
          Reason.APPROVAL_STALE,
          "what would run is not what was approved: approved %s, pending %s"
              .formatted(approval.digest(), progress.pendingDigest()));
    }
    return memory != null && memory.key().equals(key(approval))
        ? remembered(approval, memory, schema, progress)
        : new Open(
            new ApprovalStatus(key(approval), progress.current(), approval.version(), false));
  }

  /** What is to be remembered of the approval once nothing is pending: that it is spent. */
  static @Nullable ApprovalStatus atTarget(
      Desired desired, Progress progress, @Nullable ApprovalStatus memory) {
    var approval = desired.approval();
    if (approval == null || !Versions.same(approval.version(), progress.target())) {
      return memory;
    }
    var from =
        memory != null && memory.key().equals(key(approval)) ? memory.from() : progress.current();
    return new ApprovalStatus(key(approval), from, approval.version(), true);
  }

  private static Gate remembered(
      ApprovalSpec approval, ApprovalStatus memory, SchemaState.Flyway schema, Progress progress) {
    if (memory.spent()) {
      return closed(
          Reason.AWAITING_APPROVAL,
          "the approval of version %s is spent; %s"
              .formatted(approval.version(), waiting(progress)));
    }
    boolean sameWay =
        memory.from() == null
            || Versions.same(memory.from(), progress.current())
            || schema.migrations().stream()
                .anyMatch(
                    it ->
                        Versions.same(it.version(), memory.from())
                            && it.state() != SchemaState.State.PENDING);
    return sameWay
        ? new Open(memory)
        : closed(
            Reason.APPROVAL_STALE,
            "the approval started at version %s, which the database no longer has; it is at %s"
                .formatted(memory.from(), progress.current()));
  }

  private static String key(ApprovalSpec approval) {
    return Digest.of(
        approval.version(), approval.digest(), approval.approvedBy(), approval.comment());
  }

  private static Closed closed(Reason reason, String detail) {
    return new Closed(new Verdict(reason, detail));
  }

  private static String waiting(Progress progress) {
    return "%s to version %s would run: %s (%s)"
        .formatted(
            progress.pending().size() == 1
                ? "1 migration"
                : progress.pending().size() + " migrations",
            progress.target(),
            names(progress.pending()),
            progress.pendingDigest());
  }

  private static String names(List<Migration> migrations) {
    var shown =
        migrations.stream().limit(5).map(Migration::script).collect(Collectors.joining(", "));
    return migrations.size() > 5 ? shown + ", …" : shown;
  }
}
