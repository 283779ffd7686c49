package io.tunetrail.operator.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Brings a database forward and waits. */
@Command(
    name = "migrate",
    description = {
      "Sets the version that a database should have, where one is given, and waits "
          + "until it has it.",
      "In production it ends with 5 where an approval is missing."
    })
final class MigrateCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ResourceName name = new ResourceName();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private LocalOptions local = new LocalOptions();
  @Mixin private WaitOptions options = new WaitOptions();

  @Option(
      names = "--to",
      paramLabel = "VERSION",
      description = "A version, latest, or so many versions on: +1; as it is where it is left out.")
  private @Nullable String to;

  MigrateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandFailure {
    var commandLine = spec.commandLine();
    if (local.isGiven()) {
      var project = local.project(name.given(), version());
      var words = new LocalMigration(project, new LineLog(commandLine.getErr()).stream()).run();
      commandLine.getOut().printf("%s: %s%n", project.resource().getMetadata().getName(), words);
      return 0;
    }
    var named = name.required();
    try (var opened = cluster.open()) {
      if (to != null) {
        commandLine.getOut().println(forward(opened, named, to).words());
      }
      var words =
          Waiting.of(opened, named, options.timeout(), terminal, commandLine.getErr())
              .until(new Goal.Ready(false));
      commandLine.getOut().printf("%s: %s%n", named, words);
      return 0;
    }
  }

  /** What --to means here; null where it is left out. */
  private @Nullable String version() throws CommandFailure {
    if (to == null || TargetRequest.parse(to) instanceof TargetRequest.Named) {
      return to;
    }
    var move = new LocalTarget(local.project(name.given(), null)).move(to);
    if (move.goesBack()) {
      throw new CommandFailure(move.words() + " goes back; that is undo --to " + to);
    }
    return move.to();
  }

  private static Targeting forward(Cluster opened, String name, String target)
      throws CommandFailure {
    var targeting = Targeting.of(opened, name, target, false);
    if (targeting.move().goesBack()) {
      throw new CommandFailure(
          "%s goes back; that is kubectl tunetrail undo %s --to %s"
              .formatted(targeting.words(), name, target));
    }
    opened.change(targeting.retargeting().resource(), targeting.change());
    return targeting;
  }
}
