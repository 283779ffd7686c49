package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The digest that binds an approval to what would run: from, target, settings, and each script's
 * content in order. It is folded from the end, so that the digest of every start of the list is
 * known in one pass over what was done: an approval given at version 3 is recognised when 4 and 5
 * of its list have run since.
 */
final class PendingDigest {
  private PendingDigest() {}

  static String of(
      @Nullable String from, @Nullable String target, String settings, List<Migration> pending) {
    return Digest.of(from, tail(target, settings, pending));
  }

  /**
   * Whether {@code approved} is the digest of what is pending now, or was before a part of it ran.
   *
   * @param settings as they were given to {@link #of}
   */
  static boolean approves(String approved, String settings, Progress progress) {
    var tail = tail(progress.target(), settings, progress.pending());
    if (approved.equals(Digest.of(progress.current(), tail))) {
      return true;
    }
    for (var step : progress.done().reversed()) {
      tail = Digest.of(step.contentDigest(), tail);
      if (approved.equals(Digest.of(step.from(), tail))) {
        return true;
      }
    }
    return false;
  }

  private static String tail(@Nullable String target, String settings, List<Migration> migrations) {
    var tail = Digest.of(settings, target);
    for (var migration : migrations.reversed()) {
      tail = Digest.of(migration.contentDigest(), tail);
    }
    return tail;
  }
}
