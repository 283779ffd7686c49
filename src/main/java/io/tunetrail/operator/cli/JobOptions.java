package io.tunetrail.operator.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command's Job runs. */
final class JobOptions {
  /** How long what an image does may take. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

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
      description =
          "How long to wait for the Job; where it is left out 600, and 60 to ask a database.")
  private @Nullable Integer timeout;

  String image(Cluster cluster) throws CommandFailure {
    return image == null ? cluster.operatorImage(operatorNamespace) : image;
  }

  String operatorNamespace() {
    return operatorNamespace;
  }

  Duration timeout(Duration otherwise) {
    return timeout == null ? otherwise : Duration.ofSeconds(timeout);
  }
}
