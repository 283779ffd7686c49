package io.tunetrail.operator.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes a database back and waits. */
@Command(
    name = "undo",
    description = {
      "Takes a database back to a version, by the project's own reverse scripts, and waits.",
      "Sets targetVersion, and migration.rollback to Undo; with --local for this run alone. In"
          + " production it ends with 5 where an approval is missing."
    })
final class UndoCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ResourceName name = new ResourceName();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private WaitOptions options = new WaitOptions();
  @Mixin private LocalOptions local = new LocalOptions();

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
    if (local.isGiven()) {
      return here();
    }
    var named = name.required();
    try (var opened = cluster.open()) {
      var targeting = Targeting.of(opened, named, to, true);
      confirm(named, targeting.move());
      opened.change(targeting.retargeting().resource(), targeting.change());
      var words =
          Waiting.of(opened, named, options.timeout(), terminal, spec.commandLine().getErr())
              .until(new Goal.Ready(false));
      return told(named, words);
    }
  }

  private int here() throws CommandFailure {
    var project = local.project(name.given(), null);
    var named = project.resource().getMetadata().getName();
    var move = new LocalTarget(project).move(to);
    confirm(named, move);
    var log = new LineLog(spec.commandLine().getErr()).stream();
    return told(named, new LocalMigration(local.back(name.given(), move.to()), log).run());
  }

  /** Says what would be taken back, and goes on where that is wanted. */
  private void confirm(String named, Move move) throws CommandFailure {
    var words = "%s: %s".formatted(named, move.words());
    if (!move.goesBack()) {
      throw new CommandFailure(words + ", which takes nothing back");
    }
    spec.commandLine().getOut().println(words);
    if (!yes && !terminal.confirms("Undo it?")) {
      throw new CommandFailure(named + " stays as it is");
    }
  }

  private int told(String named, String words) {
    spec.commandLine().getOut().printf("%s: %s%n", named, words);
    return 0;
  }
}
