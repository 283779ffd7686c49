package io.tunetrail.operator.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster and namespace a command means, as for kubectl. */
final class ClusterOptions {
  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description =
          "The resource's namespace; that of the kubeconfig's context where it is left out.")
  private @Nullable String namespace;

  @Option(
      names = "--context",
      paramLabel = "CONTEXT",
      description = "The kubeconfig's context; its current one where it is left out.")
  private @Nullable String context;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "The kubeconfig; that of KUBECONFIG, or ~/.kube/config, where it is left out.")
  private @Nullable Path kubeconfig;

  Cluster open() throws CommandFailure {
    return Cluster.open(kubeconfig, context, namespace);
  }
}
