package io.tunetrail.operator.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a command waits. */
final class WaitOptions {
  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10m",
      converter = Durations.class,
      description = "How long to wait, as in 90s or 1h; ${DEFAULT-VALUE} where it is left out.")
  private Duration timeout = Duration.ZERO;

  Duration timeout() {
    return timeout;
  }
}
