package io.tunetrail.operator.migration;

import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;

/** The role {@code undo}: takes versions back by the project's own reverse scripts. */
public final class UndoRole {
  private UndoRole() {}

  /**
   * Works as {@link WorkOrder#VARIABLE} orders and answers the exit code.
   *
   * @param environment the variables of {@link WorkOrder}
   * @param out the log
   */
  public static int run(Map<String, String> environment, PrintStream out) {
    return new Runner(new FlywayWork(new FlywayUndo()), environment, InstantSource.system(), out)
        .run();
  }
}
