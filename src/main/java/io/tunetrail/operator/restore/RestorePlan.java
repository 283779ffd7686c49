package io.tunetrail.operator.restore;

import io.tunetrail.operator.api.RestorePhase;
import io.tunetrail.operator.lifecycle.Verdict;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said of a restore, and done.
 *
 * @param start number of the attempt whose Job is to be made; null: none
 * @param lookAgain when nothing happens before
 */
public record RestorePlan(
    RestorePhase phase, Verdict verdict, @Nullable Integer start, Duration lookAgain) {

  /** The same with nothing to start, for the API would not have it. */
  public RestorePlan saying(Verdict other) {
    return new RestorePlan(phase, other, null, lookAgain);
  }
}
