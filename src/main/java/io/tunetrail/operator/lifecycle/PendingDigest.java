package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.lifecycle.SchemaState.State;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The digest that binds an approval to what would run: from, target, settings, and each script's
 * content in order. It is folded from the end, so that the digest of every start of the list is
 * known in one pass over the history: an approval given at version 3 is recognised when 4 and 5 of
 * its list have run since.
 */
final class PendingDigest {
  private PendingDigest() {}

  static String of(
      @Nullable String from, @Nullable String target, String settings, List<Migration> pending) {
    return Digest.of(from, tail(target, settings, pending));
  }

  /**
   * Whether {@code approved} is the digest of what is pending now, or was before a part of it ran.
   */
  static boolean approves(
      String approved, Desired desired, SchemaState.Flyway schema, Progress progress) {
    var tail = tail(progress.target(), desired.settingsDigest(), progress.pending());
    if (approved.equals(Digest.of(progress.current(), tail))) {
      return true;
    }
    var applied = applied(schema);
    while (!applied.isEmpty()) {
      tail = Digest.of(applied.removeLast().contentDigest(), tail);
      var from = applied.isEmpty() ? baseline(schema) : applied.getLast().version();
      if (approved.equals(Digest.of(from, tail))) {
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

  private static ArrayDeque<Migration> applied(SchemaState.Flyway schema) {
    var applied = new ArrayDeque<Migration>();
    for (var migration : schema.migrations()) {
      if (migration.version() != null && migration.state() == State.APPLIED) {
        applied.add(migration);
      }
    }
    return applied;
  }

  private static @Nullable String baseline(SchemaState.Flyway schema) {
    return schema.migrations().stream()
        .filter(it -> it.state() == State.BELOW_BASELINE)
        .map(Migration::version)
        .reduce((first, second) -> second)
        .orElse(null);
  }
}
