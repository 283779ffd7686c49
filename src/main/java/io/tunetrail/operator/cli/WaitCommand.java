package io.tunetrail.operator.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Waits until a database is as it should be. */
@Command(
    name = "wait",
    description = {
      "Waits until a database is ready, has a version, or asks to be approved.",
      "What it waits for is said on stderr where that is a terminal. With --local it looks at the"
          + " database from here, and somebody else brings it there."
    })
final class WaitCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ResourceName name = new ResourceName();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private WaitOptions options = new WaitOptions();
  @Mixin private LocalOptions local = new LocalOptions();

  @Option(
      names = "--for",
      paramLabel = "GOAL",
      defaultValue = "ready",
      converter = Goals.class,
      description = "ready, approval or version=VERSION; ${DEFAULT-VALUE} where it is left out.")
  private Goal goal = new Goal.Ready(true);

  WaitCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandFailure {
    if (local.isGiven()) {
      var project = local.project(name.given(), null);
      var database = new LocalDatabase(project);
      return waited(() -> database.decide().database(), project.resource().getMetadata().getName());
    }
    var named = name.required();
    try (var opened = cluster.open()) {
      return waited(() -> opened.database(named), named);
    }
  }

  private int waited(Waiting.Source source, String named) throws CommandFailure {
    var commandLine = spec.commandLine();
    var words =
        Waiting.of(source, named, options.timeout(), terminal, commandLine.getErr()).until(goal);
    commandLine.getOut().printf("%s: %s%n", named, words);
    return 0;
  }

  /** Reads a goal. */
  static final class Goals implements ITypeConverter<Goal> {
    @Override
    public Goal convert(String text) {
      try {
        return Goal.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
