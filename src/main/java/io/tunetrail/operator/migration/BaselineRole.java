package io.tunetrail.operator.migration;

import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;

/** The role {@code baseline}: adopts a database that has tables and no history. */
public final class BaselineRole {
  private BaselineRole() {}

  /**
   * Works as {@link WorkOrder#VARIABLE} orders and answers the exit code.
   *
   * @param environment the variables of {@link WorkOrder}
   * @param out the log
   */
  public static int run(Map<String, String> environment, PrintStream out) {
    return new Runner(new FlywayBaseline(), environment, InstantSource.system(), out).run();
  }
}
