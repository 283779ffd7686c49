package io.tunetrail.operator.migration;

import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;

/** The role {@code migrate}: brings a schema to its target by Flyway. */
public final class MigrateRole {
  private MigrateRole() {}

  /**
   * Works as {@link WorkOrder#VARIABLE} orders and answers the exit code.
   *
   * @param environment the variables of {@link WorkOrder}
   * @param out the log
   */
  public static int run(Map<String, String> environment, PrintStream out) {
    return new Runner(
            new FlywayWork(new FlywayMigration()), environment, InstantSource.system(), out)
        .run();
  }
}
