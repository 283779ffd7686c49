package io.tunetrail.operator.migration;

import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;

/** The role {@code seed}: puts fixtures in by SQL that may run any number of times. */
public final class SeedRole {
  private SeedRole() {}

  /**
   * Works as {@link WorkOrder#VARIABLE} orders and answers the exit code.
   *
   * @param environment the variables of {@link WorkOrder}
   * @param out the log
   */
  public static int run(Map<String, String> environment, PrintStream out) {
    return new Runner(new Seed(), environment, InstantSource.system(), out).run();
  }
}
