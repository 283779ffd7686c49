package io.tunetrail.operator;

import io.tunetrail.operator.cli.Commands;
import io.tunetrail.operator.guard.GuardRole;
import io.tunetrail.operator.migration.BaselineRole;
import io.tunetrail.operator.migration.CreateAllRole;
import io.tunetrail.operator.migration.MigrateRole;
import io.tunetrail.operator.migration.SeedRole;
import io.tunetrail.operator.migration.UndoRole;
import io.tunetrail.operator.runtime.OperatorRole;
import io.tunetrail.operator.waiting.WaitRole;

/** The one program; its first argument is the role, or else a command for people. */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    var role = args.length == 1 ? args[0] : "";
    int exitCode =
        switch (role) {
          case "operator" -> OperatorRole.run(System.getenv());
          case "migrate" -> MigrateRole.run(System.getenv(), System.out);
          case "undo" -> UndoRole.run(System.getenv(), System.out);
          case "baseline" -> BaselineRole.run(System.getenv(), System.out);
          case "create-all" -> CreateAllRole.run(System.getenv(), System.out);
          case "seed" -> SeedRole.run(System.getenv(), System.out);
          case "guard" -> GuardRole.run(System.getenv(), System.out);
          case "wait" -> WaitRole.run(System.getenv(), System.out);
          default -> Commands.run(args);
        };
    System.exit(exitCode);
  }
}
