package io.tunetrail.operator.cli;

import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.status.Conditions;
import java.util.HashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what would run. */
@Command(
    name = "plan",
    description = {
      "Shows the SQL that would run and what is to be known of it.",
      "It changes nothing."
    })
final class PlanCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private LocalOptions local = new LocalOptions();
  @Mixin private FormatOption output = new FormatOption();

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      arity = "0..1",
      description = "The TuneTrailDatabase; may be left out with --local.")
  private @Nullable String name;

  PlanCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandFailure {
    if (local.isGiven()) {
      var project = local.project(name, null);
      var decided = new LocalDatabase(project).decide();
      return shown(decided.database(), LocalPlan.of(project, decided.plan()));
    }
    try (var opened = cluster.open()) {
      var database = opened.database(LocalOptions.required(name, spec));
      return shown(database, new PlanReader(opened).of(database).orElse(null));
    }
  }

  private int shown(Database database, @Nullable PlanDocument plan) {
    var out = spec.commandLine().getOut();
    out.print(
        output.format().write(plan == null ? pending(database) : plan, () -> text(database, plan)));
    out.flush();
    return 0;
  }

  private static Object pending(Database database) {
    var status = database.status();
    var pending = new HashMap<String, @Nullable Object>();
    pending.put("pending", database.pending());
    pending.put("digest", status == null ? null : status.pendingDigest());
    return pending;
  }

  private String text(Database database, @Nullable PlanDocument plan) {
    if (plan != null) {
      return "%s: %s\n\n%s"
          .formatted(
              database.name(),
              History.way(plan.from(), plan.target()),
              new PlanText(plan, terminal.style()).text());
    }
    var pending = PendingText.of(database, "  ");
    return pending.isEmpty()
        ? "%s: %s\n".formatted(database.name(), nothing(database))
        : "%s has no plan, only a list of what would run:\n%s%s"
            .formatted(
                database.name(),
                pending,
                "The operator makes a plan where migration.approval is Plan; kubectl tunetrail wait"
                    + " says how far it is.\n");
  }

  private static String nothing(Database database) {
    return database.isReady()
        ? "nothing would run"
        : "%s: %s"
            .formatted(
                StateText.reason(database),
                database.condition(Conditions.READY).map(Condition::message).orElse(""));
  }
}
