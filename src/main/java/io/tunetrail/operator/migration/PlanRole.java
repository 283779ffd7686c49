package io.tunetrail.operator.migration;

import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;

/** The role {@code plan}: tells in its log the SQL that Flyway would run, and runs none of it. */
public final class PlanRole {
  private PlanRole() {}

  /**
   * Works as {@link WorkOrder#VARIABLE} orders and answers the exit code.
   *
   * @param environment the variables of {@link WorkOrder}
   * @param out the log
   */
  public static int run(Map<String, String> environment, PrintStream out) {
    return new Runner(
            new FlywayWork(new FlywayPlanning()), environment, InstantSource.system(), out)
        .run();
  }
}
