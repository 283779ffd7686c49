package io.tunetrail.operator.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which resource a command that also works with {@code --local} is about. */
final class ResourceName {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      arity = "0..1",
      description = "The TuneTrailDatabase; may be left out with --local.")
  private @Nullable String name;

  /** Null where it is left out, as where a manifest has one resource alone. */
  @Nullable String given() {
    return name;
  }

  /** Of a cluster's, which must be named. */
  String required() {
    if (name == null) {
      throw new ParameterException(command.commandLine(), "Missing required parameter: 'NAME'");
    }
    return name;
  }
}
