package io.tunetrail.operator.cli;

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
    description = "Shows the SQL that would run and what is to be known of it; it changes nothing.")
final class PlanCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private FormatOption output = new FormatOption();

  @Parameters(index = "0", paramLabel = "NAME", description = "The TuneTrailDatabase.")
  private String name = "";

  PlanCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandFailure {
    try (var opened = cluster.open()) {
      var database = opened.database(name);
      var plan = new PlanReader(opened).of(database).orElse(null);
      var out = spec.commandLine().getOut();
      out.print(
          output
              .format()
              .write(plan == null ? pending(database) : plan, () -> text(database, plan)));
      out.flush();
      return 0;
    }
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
              name,
              History.way(plan.from(), plan.target()),
              new PlanText(plan, terminal.style()).text());
    }
    var pending = PendingText.of(database, "  ");
    return pending.isEmpty()
        ? "%s: %s\n".formatted(name, nothing(database))
        : "%s has no plan, only a list of what would run:\n%s%s"
            .formatted(
                name,
                pending,
                "The operator makes a plan where migration.approval is Plan; kubectl tunetrail wait"
                    + " says how far it is.\n");
  }

  private static String nothing(Database database) {
    return database.isReady() ? "nothing would run" : StateText.of(database, Style.PLAIN);
  }
}
