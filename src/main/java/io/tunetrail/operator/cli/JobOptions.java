package io.tunetrail.operator.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command's Job runs. */
final class JobOptions {
  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description = "The operator's image for the Job; that of the operator where it is left out.")
  private @Nullable String image;

  @Option(
      names = "--operator-namespace",
      paramLabel = "NAMESPACE",
      defaultValue = "tunetrail-system",
      description = "Where the operator is looked for; ${DEFAULT-VALUE} where it is left out.")
  private String operatorNamespace = "";

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description = "How long to wait for the Job; ${DEFAULT-VALUE} where it is left out.")
  private int timeout;

  String image(Cluster cluster) throws CommandFailure {
    return image == null ? cluster.operatorImage(operatorNamespace) : image;
  }

  Duration timeout() {
    return Duration.ofSeconds(timeout);
  }
}
