package io.tunetrail.operator;

import io.tunetrail.operator.backup.BackupRole;
import io.tunetrail.operator.backup.RestoreRole;
import io.tunetrail.operator.backup.VerifyRole;
import io.tunetrail.operator.guard.GuardRole;
import io.tunetrail.operator.migration.BaselineRole;
import io.tunetrail.operator.migration.CreateAllRole;
import io.tunetrail.operator.migration.ExamineRole;
import io.tunetrail.operator.migration.InspectRole;
import io.tunetrail.operator.migration.LookRole;
import io.tunetrail.operator.migration.MigrateRole;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.PlanRole;
import io.tunetrail.operator.migration.SeedRole;
import io.tunetrail.operator.migration.UndoRole;
import io.tunetrail.operator.waiting.WaitRole;
import java.io.PrintStream;
import java.util.Map;

/**
 * What works in the pods of Jobs and applications, the image's entry point; its argument is the
 * role. It is apart from {@link Main} so that no class of the Kubernetes client is loaded, nor in
 * its AOT cache.
 */
public final class RunnerMain {
  private RunnerMain() {}

  public static void main(String[] args) throws InterruptedException {
    FirstKey.prepare();
    System.exit(run(args.length == 1 ? args[0] : "", System.getenv(), System.out));
  }

  private static int run(String role, Map<String, String> environment, PrintStream out)
      throws InterruptedException {
    return switch (role) {
      case "migrate" -> MigrateRole.run(environment, out);
      case "undo" -> UndoRole.run(environment, out);
      case "baseline" -> BaselineRole.run(environment, out);
      case "create-all" -> CreateAllRole.run(environment, out);
      case "seed" -> SeedRole.run(environment, out);
      case "plan" -> PlanRole.run(environment, out);
      case "inspect" -> InspectRole.run(environment, out);
      case "look" -> LookRole.run(environment, out);
      case "examine" -> ExamineRole.run(environment, out);
      case "backup" -> BackupRole.run(environment, out);
      case "verify" -> VerifyRole.run(environment, out);
      case "restore" -> RestoreRole.run(environment, out);
      case "guard" -> GuardRole.run(environment, out);
      case "wait" -> WaitRole.run(environment, out);
      default -> refused(out);
    };
  }

  private static int refused(PrintStream out) {
    out.println(
        "one argument must name the role: migrate, plan, undo, baseline, create-all, seed, look,"
            + " inspect, examine, backup, verify, restore, guard or wait; the operator and the"
            + " command line are another program of this image: /opt/java/bin/java"
            + " @/opt/tunetrail/operator");
    return Outcome.INVALID_INPUT.exitCode();
  }
}
