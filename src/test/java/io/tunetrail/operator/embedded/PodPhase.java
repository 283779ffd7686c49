package io.tunetrail.operator.embedded;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The states of a pod with one container, as the kubelet reports them. */
final class PodPhase {
  private PodPhase() {}

  static PodStatus pending(Container container) {
    var waiting =
        new ContainerStateBuilder()
            .withNewWaiting()
            .withReason("ContainerCreating")
            .endWaiting()
            .build();
    return status("Pending", container, waiting);
  }

  static PodStatus running(Container container, Instant started) {
    var running =
        new ContainerStateBuilder()
            .withNewRunning()
            .withStartedAt(text(started))
            .endRunning()
            .build();
    return status("Running", container, running);
  }

  /**
   * Succeeded or Failed.
   *
   * @param message the termination message
   */
  static PodStatus terminated(
      Container container, int exitCode, String message, Instant started, Instant finished) {
    var terminated =
        new ContainerStateBuilder()
            .withNewTerminated()
            .withExitCode(exitCode)
            .withReason(exitCode == 0 ? "Completed" : "Error")
            .withMessage(message.isEmpty() ? null : message)
            .withStartedAt(text(started))
            .withFinishedAt(text(finished))
            .endTerminated()
            .build();
    return status(exitCode == 0 ? "Succeeded" : "Failed", container, terminated);
  }

  /** RFC 3339 in whole seconds, as the API writes times. */
  static String text(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static PodStatus status(String phase, Container container, ContainerState state) {
    return new PodStatusBuilder()
        .withPhase(phase)
        .addNewContainerStatus()
        .withName(container.getName())
        .withImage(container.getImage())
        .withReady(state.getRunning() != null)
        .withStarted(state.getRunning() != null)
        .withRestartCount(0)
        .withState(state)
        .endContainerStatus()
        .build();
  }
}
