package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The digest that binds an approval to what would run: from, target, settings, and each script's
 * content in order. It is folded from the end, so that the digest of every start of the list is
 * known in one pass over what was done: an approval given at version 3 is recognised when 4 and 5
 * of its list have run since.
 */
final class PendingDigest {
  private PendingDigest() {}

  /**
   * Where the list may have begun.
   *
   * @param from the version that the database had then; null before the first
   * @param tail digest of what was to be done from there
   */
  record Start(@Nullable String from, String tail) {}

  static String of(
      @Nullable String from, @Nullable String target, String settings, List<Migration> pending) {
    return Digest.of(from, tail(Digest.of(settings, target), pending));
  }

  /**
   * Whether {@code approved} is the digest of what is pending now, or was before a part of it ran.
   *
   * @param settings as they were given to {@link #of}
   * @param binding what else the approved digest binds, made from the one of {@link #of}
   */
  static boolean approves(
      String approved, String settings, Progress progress, UnaryOperator<String> binding) {
    return starts(Digest.of(settings, progress.target()), progress).stream()
        .map(it -> Digest.of(it.from(), it.tail()))
        .anyMatch(it -> approved.equals(binding.apply(it)));
  }

  /**
   * Every start of the list, the present one first.
   *
   * @param end what the tails end with
   */
  static List<Start> starts(String end, Progress progress) {
    var tail = tail(end, progress.pending());
    var starts = new ArrayList<Start>();
    starts.add(new Start(progress.current(), tail));
    for (var step : progress.done().reversed()) {
      tail = Digest.of(step.contentDigest(), tail);
      starts.add(new Start(step.from(), tail));
    }
    return starts;
  }

  private static String tail(String end, List<Migration> migrations) {
    var tail = end;
    for (var migration : migrations.reversed()) {
      tail = Digest.of(migration.contentDigest(), tail);
    }
    return tail;
  }
}
