package io.tunetrail.operator;

import io.tunetrail.operator.migration.CreateAllRole;
import io.tunetrail.operator.migration.MigrateRole;
import io.tunetrail.operator.runtime.OperatorRole;

/** The one program; its first argument is the role. */
public final class Main {
  private static final int INVALID_USE = 10;

  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    var role = args.length == 1 ? args[0] : "";
    int exitCode =
        switch (role) {
          case "operator" -> OperatorRole.run(System.getenv());
          case "migrate" -> MigrateRole.run(System.getenv(), System.out);
          case "create-all" -> CreateAllRole.run(System.getenv(), System.out);
          default -> usage();
        };
    System.exit(exitCode);
  }

  private static int usage() {
    System.err.println("usage: tunetrail-operator operator | migrate | create-all");
    return INVALID_USE;
  }
}
