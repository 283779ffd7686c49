package io.tunetrail.operator.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes a database back and waits. */
@Command(
    name = "undo",
    description = {
      "Takes a database back to a version, by the project's own reverse scripts, and waits.",
      "Sets targetVersion, and migration.rollback to Undo. In production it ends with "
          + "5 where an approval is missing."
    })
final class UndoCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private WaitOptions options = new WaitOptions();

  @Parameters(index = "0", paramLabel = "NAME", description = "The TuneTrailDatabase.")
  private String name = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "VERSION",
      description = "A version before the database's own, or so many versions back: -1.")
  private String to = "";

  @Option(names = "--yes", description = "Does not ask.")
  private boolean yes;

  UndoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandFailure {
    try (var opened = cluster.open()) {
      var targeting = Targeting.of(opened, name, to, true);
      var commandLine = spec.commandLine();
      if (!targeting.move().goesBack()) {
        throw new CommandFailure(targeting.words() + ", which takes nothing back");
      }
      commandLine.getOut().println(targeting.words());
      if (!yes && !terminal.confirms("Undo it?")) {
        throw new CommandFailure(name + " stays as it is");
      }
      opened.change(targeting.retargeting().resource(), targeting.change());
      var words =
          Waiting.of(opened, name, options.timeout(), terminal, commandLine.getErr())
              .until(new Goal.Ready(false));
      commandLine.getOut().printf("%s: %s%n", name, words);
      return 0;
    }
  }
}
