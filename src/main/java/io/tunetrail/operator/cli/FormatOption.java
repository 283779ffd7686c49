package io.tunetrail.operator.cli;

import picocli.CommandLine.Option;

/** The option that picks a {@link Format}. */
final class FormatOption {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description =
          "table for people, json or yaml for programs; ${DEFAULT-VALUE} where it is left out.")
  private Format format = Format.TABLE;

  Format format() {
    return format;
  }
}
