package io.tunetrail.operator.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What a command that means a resource in a cluster says to who wants it without any. */
final class NotLocal {
  @Option(names = "--local", paramLabel = "FILE", hidden = true)
  private @Nullable Path manifest;

  /** Refuses it, with what to do instead. */
  void refuse(CommandSpec spec, String instead) {
    if (manifest != null) {
      throw new ParameterException(
          spec.commandLine(), "%s has no --local: %s".formatted(spec.name(), instead));
    }
  }
}
