package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.Reason;
import java.time.Duration;

/**
 * How far apart the looks are at databases of a large fleet, so that an operator with nothing to do
 * does little.
 */
public final class Pace {
  /**
   * Looks a second at all that is at rest. Each costs some 40 ms of processor, four fifths of it
   * for TLS and SCRAM (measured with JFR, JDK 25, first compiler only).
   */
  private static final int LOOKS_A_SECOND = 5;

  /** Well within what a look counts for where a database's health is asked. */
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private Pace() {}

  /**
   * When to look again if nothing happens before: as the plan says where there is something to wait
   * for, and later where the database is at its target among many.
   *
   * @param fleet how many resources the operator has
   */
  public static Duration of(Plan plan, int fleet) {
    var planned = plan.lookAgain();
    var fair = Duration.ofSeconds(Math.min(fleet / LOOKS_A_SECOND, LONGEST.toSeconds()));
    return isAtRest(plan) && fair.compareTo(planned) > 0 ? fair : planned;
  }

  private static boolean isAtRest(Plan plan) {
    var verdict = plan.verdict();
    return verdict != null
        && verdict.reason().kind() == Reason.Kind.READY
        && plan.lookAgain().compareTo(Lifecycle.PERIOD) >= 0;
  }
}
