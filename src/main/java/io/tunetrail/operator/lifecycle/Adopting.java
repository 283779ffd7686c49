package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.lifecycle.Desired.Baseline;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether tables are to be taken for a version instead of being migrated to it. It is asked for in
 * the spec and stays there, so that it must not come again by itself.
 */
record Adopting(Desired desired, DatabaseFacts facts) {

  /** Tables that no history tells of. One that a work of ours emptied did tell of them. */
  boolean withoutHistory(boolean historyExists, boolean begun, boolean tablesExist) {
    return desired.baseline() != null
        && tablesExist
        && !begun
        && !(historyExists && facts.migratedBefore());
  }

  /**
   * Tables that a history tells of, but not all or not rightly, which a person says.
   *
   * @param version that is asked for, as it is noted
   */
  boolean anew(@Nullable String version) {
    var baseline = desired.baseline();
    return baseline != null && baseline.anew() && !isSpent(version);
  }

  /** A new retry token asks once more for what was done once. */
  private boolean isSpent(@Nullable String version) {
    var last = facts.lastAdoption();
    return last != null
        && Versions.same(desired.method(), last.version(), version)
        && Objects.equals(last.retry(), desired.retry());
  }

  Baseline baseline() {
    return Objects.requireNonNull(desired.baseline());
  }
}
