package io.tunetrail.operator.cli;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A change of target, and what it would do to the database.
 *
 * @param from the version that the database has; null before the first
 * @param to what spec.targetVersion becomes
 * @param means the version that is meant by it now; null: none, as for base
 * @param undone versions that are taken back, in this order
 * @param applied versions that run, in this order
 */
record Move(
    @Nullable String from,
    String to,
    @Nullable String means,
    List<String> undone,
    List<String> applied) {
  private static final int NAMED = 10;

  /** Whether the database loses versions. */
  boolean goesBack() {
    return !undone.isEmpty();
  }

  /** As in: 7 → 5 (undoes 7, 6). */
  String words() {
    var meaning = to.equals(means) ? "" : ", now " + Objects.requireNonNullElse(means, "none");
    return "%s → %s%s (%s)"
        .formatted(Objects.requireNonNullElse(from, "none"), to, meaning, doing());
  }

  private String doing() {
    if (goesBack()) {
      return "undoes " + joined(undone);
    }
    return applied.isEmpty() ? "nothing to run" : "applies " + joined(applied);
  }

  private static String joined(List<String> versions) {
    int more = versions.size() - NAMED;
    return String.join(", ", versions.subList(0, Math.min(NAMED, versions.size())))
        + (more > 0 ? " and %d more".formatted(more) : "");
  }
}
