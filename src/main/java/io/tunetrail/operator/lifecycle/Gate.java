package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.ApprovalSpec;
import io.tunetrail.operator.api.ApprovalStatus;
import io.tunetrail.operator.api.PlanStatus;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether production may go on: an approval opens the gate for one way, from the version it met to
 * the version it names. It stays open while that way is being gone and is spent at its end.
 */
sealed interface Gate {
  String NEEDS_UNDO = "this goes back, which needs an approval with undo: true";

  /** What is pending is approved; {@code memory} is to be kept. */
  record Open(ApprovalStatus memory) implements Gate {}

  /** It is not; the verdict says what is missing, {@code memory} is to be kept. */
  record Closed(Verdict verdict, @Nullable ApprovalStatus memory) implements Gate {}

  /**
   * Whether the gate is open for an approval of the version.
   *
   * @param settings what {@link Progress#pendingDigest} binds besides the content
   */
  static Gate of(
      Desired desired, Progress progress, String settings, @Nullable ApprovalStatus memory) {
    var approval = desired.approval();
    var digest = String.valueOf(progress.pendingDigest());
    if (approval == null) {
      return unapproved(desired, progress, digest, memory);
    }
    var otherWay = otherWay(desired, approval, progress, digest, memory);
    if (otherWay.isPresent()) {
      return otherWay.get();
    }
    if (approval.digest() != null
        && !PendingDigest.approves(
            approval.digest(), settings, progress, UnaryOperator.identity())) {
      return closed(
          Reason.APPROVAL_STALE,
          "what would run is not what was approved: approved %s, pending %s"
              .formatted(approval.digest(), digest),
          memory);
    }
    return opened(desired, approval, progress, digest, memory, null);
  }

  static Gate unapproved(
      Desired desired, Progress progress, String digest, @Nullable ApprovalStatus memory) {
    var way = progress.task() == Task.UNDO ? NEEDS_UNDO + "; " : "";
    return closed(Reason.AWAITING_APPROVAL, way + waiting(desired, progress, digest), memory);
  }

  /**
   * The gate before an approval that is for what is pending.
   *
   * @param digest what there is to approve
   * @param plan what the approval names; null where it names none, or one of which a part ran
   */
  static Gate opened(
      Desired desired,
      ApprovalSpec approval,
      Progress progress,
      String digest,
      @Nullable ApprovalStatus memory,
      @Nullable PlanStatus plan) {
    return memory != null && memory.key().equals(key(approval))
        ? remembered(desired, approval, memory, progress, digest)
        : new Open(
            new ApprovalStatus(key(approval), progress.current(), approval.version(), false, plan));
  }

  /** The gate where the approval is for another way than the one to go. */
  static Optional<Gate> otherWay(
      Desired desired,
      ApprovalSpec approval,
      Progress progress,
      String digest,
      @Nullable ApprovalStatus memory) {
    return otherWay(desired, approval, progress)
        .map(
            it ->
                closed(
                    Reason.AWAITING_APPROVAL,
                    it + "; " + waiting(desired, progress, digest),
                    memory));
  }

  private static Optional<String> otherWay(
      Desired desired, ApprovalSpec approval, Progress progress) {
    if (!Versions.same(desired.method(), approval.version(), versionToApprove(progress))) {
      return Optional.of(
          "the approval is for version %s, the target is %s"
              .formatted(approval.version(), versionToApprove(progress)));
    }
    if (progress.task() == Task.BASELINE && isAnew(desired) && approval.digest() == null) {
      return Optional.of(
          "this takes the tables for version %s and runs nothing, which needs an approval with the digest"
              .formatted(progress.target()));
    }
    boolean back = progress.task() == Task.UNDO;
    if (back != Boolean.TRUE.equals(approval.undo())) {
      return Optional.of(back ? NEEDS_UNDO : "the approval is for going back, this goes forward");
    }
    return Optional.empty();
  }

  /** An approval to migrate to a version must not stand for taking the tables for it. */
  private static boolean isAnew(Desired desired) {
    return desired.baseline() != null && desired.baseline().anew();
  }

  /** The empty schema before the first version is called base, as Alembic calls it. */
  private static String versionToApprove(Progress progress) {
    return Objects.requireNonNullElse(progress.target(), "base");
  }

  /** What is to be remembered of the approval once nothing is pending: that it is spent. */
  static @Nullable ApprovalStatus atTarget(
      Desired desired, Progress progress, @Nullable ApprovalStatus memory) {
    var approval = desired.approval();
    if (approval == null
        || !Versions.same(desired.method(), approval.version(), versionToApprove(progress))) {
      return memory;
    }
    var known = memory != null && memory.key().equals(key(approval)) ? memory : null;
    return new ApprovalStatus(
        key(approval),
        known == null ? progress.current() : known.from(),
        approval.version(),
        true,
        known == null ? null : known.plan());
  }

  /** The gate where the approval has led to its target before; empty where it has not. */
  static Optional<Gate> spent(
      Desired desired,
      ApprovalSpec approval,
      Progress progress,
      String digest,
      @Nullable ApprovalStatus memory) {
    return memory != null && memory.key().equals(key(approval)) && memory.spent()
        ? Optional.of(
            closed(
                Reason.AWAITING_APPROVAL,
                "the approval of version %s is spent; %s"
                    .formatted(approval.version(), waiting(desired, progress, digest)),
                memory))
        : Optional.empty();
  }

  private static Gate remembered(
      Desired desired,
      ApprovalSpec approval,
      ApprovalStatus memory,
      Progress progress,
      String digest) {
    var spent = spent(desired, approval, progress, digest, memory);
    if (spent.isPresent()) {
      return spent.get();
    }
    boolean sameWay =
        memory.from() == null
            || Versions.same(desired.method(), memory.from(), progress.current())
            || progress.done().stream()
                .anyMatch(it -> Versions.same(desired.method(), it.from(), memory.from()));
    return sameWay
        ? new Open(memory)
        : closed(
            Reason.APPROVAL_STALE,
            "the approval started at version %s, which the database no longer has; it is at %s"
                .formatted(memory.from(), progress.current()),
            memory);
  }

  /**
   * Of an approval without what came later the key is what it always was, so that it stays spent.
   */
  static String key(ApprovalSpec approval) {
    var version =
        Boolean.TRUE.equals(approval.undo()) ? "undo to " + approval.version() : approval.version();
    var bounded = approval.notBefore() != null || approval.notAfter() != null;
    return bounded || approval.destructive() != null
        ? Digest.of(
            version,
            approval.digest(),
            approval.approvedBy(),
            approval.comment(),
            String.valueOf(approval.destructive()),
            approval.notBefore(),
            approval.notAfter())
        : Digest.of(version, approval.digest(), approval.approvedBy(), approval.comment());
  }

  static Closed closed(Reason reason, String detail, @Nullable ApprovalStatus memory) {
    return new Closed(new Verdict(reason, detail), memory);
  }

  static String waiting(Desired desired, Progress progress, String digest) {
    int count = progress.pending().size();
    var what =
        switch (progress.task()) {
          case UNDO ->
              (desired.alembic() == null ? "%d reverse script" : "%d downgrade").formatted(count)
                  + (count == 1 ? "" : "s");
          case LOOK,
              INSPECT,
              PLAN,
              CREATE_ALL,
              MIGRATE,
              BASELINE,
              SEED,
              GENERATE,
              SETUP,
              CHECK,
              EXAMINE,
              BACKUP,
              VERIFY,
              RESTORE ->
              count == 1 ? "1 migration" : count + " migrations";
        };
    return "%s to version %s would run: %s (%s)"
        .formatted(what, versionToApprove(progress), names(progress.pending()), digest);
  }

  private static String names(List<Migration> migrations) {
    var shown =
        migrations.stream().limit(5).map(Migration::script).collect(Collectors.joining(", "));
    return migrations.size() > 5 ? shown + ", …" : shown;
  }
}
