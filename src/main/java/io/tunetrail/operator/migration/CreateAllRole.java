package io.tunetrail.operator.migration;

import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;

/** The role {@code create-all}: runs idempotent SQL that creates what is missing. */
public final class CreateAllRole {
  private CreateAllRole() {}

  /**
   * Works as {@link WorkOrder#VARIABLE} orders and answers the exit code.
   *
   * @param environment the variables of {@link WorkOrder}
   * @param out the log
   */
  public static int run(Map<String, String> environment, PrintStream out) {
    return new Runner(new CreateAll(), environment, InstantSource.system(), out).run();
  }
}
