package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a schema stands on its way to the target.
 *
 * @param task what brings it there: forward, back, or adopting it
 * @param current the version the database has; null before the first and for create-all
 * @param target what the spec resolves to; null for create-all and where there is no version at all
 * @param pending what would run, in order
 * @param pendingDigest of exactly that; null when nothing is pending
 * @param done what was done the same way before, in order; what an approval may have begun with
 */
public record Progress(
    Task task,
    @Nullable String current,
    @Nullable String target,
    List<Migration> pending,
    @Nullable String pendingDigest,
    List<Step> done) {

  /**
   * One step of the way.
   *
   * @param from the version before it; null before the first
   * @param contentDigest of what ran
   */
  public record Step(@Nullable String from, String contentDigest) {}

  static final Progress NONE =
      new Progress(Task.CREATE_ALL, null, null, List.of(), null, List.of());

  /** Progress whose pending digest binds the way, its end, the settings and each content. */
  static Progress of(
      Task task,
      @Nullable String current,
      @Nullable String target,
      String settings,
      List<Migration> pending,
      List<Step> done) {
    var digest =
        pending.isEmpty() ? null : PendingDigest.of(current, target, way(task, settings), pending);
    return new Progress(task, current, target, pending, digest, done);
  }

  /** Nothing is to be done, or it can't be said what. */
  static Progress at(@Nullable String current, @Nullable String target) {
    return new Progress(Task.MIGRATE, current, target, List.of(), null, List.of());
  }

  /** What a digest binds besides content and version, so that one way never stands for another. */
  static String way(Task task, String settings) {
    return task == Task.MIGRATE ? settings : task + " " + settings;
  }
}
