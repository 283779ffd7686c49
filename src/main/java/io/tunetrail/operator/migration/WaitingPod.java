package io.tunetrail.operator.migration;

import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.engine.ImageReference;
import io.tunetrail.operator.lifecycle.Verdict;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What keeps a pod from starting, in words that stay the same while nothing changes. */
final class WaitingPod {
  private static final Set<String> IMAGE_REASONS =
      Set.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull");
  private static final Set<String> START_REASONS =
      Set.of(
          "CreateContainerConfigError",
          "CreateContainerError",
          "RunContainerError",
          "CrashLoopBackOff");

  private WaitingPod() {}

  /** Empty where nothing is known that keeps it from starting. */
  static Optional<Verdict> obstacle(Pod pod) {
    if (pod.getStatus() == null) {
      return Optional.empty();
    }
    return unscheduled(pod)
        .or(() -> containers(pod).flatMap(it -> blocked(pod, it).stream()).findFirst());
  }

  private static Optional<Verdict> unscheduled(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .filter(it -> it.getType().equals("PodScheduled") && it.getStatus().equals("False"))
        .filter(it -> Objects.equals(it.getReason(), "Unschedulable"))
        .map(
            it ->
                new Verdict(Reason.POD_UNSCHEDULABLE, "no node takes the pod: " + it.getMessage()))
        .findFirst();
  }

  /** Those that start first come first. */
  private static Stream<ContainerStatus> containers(Pod pod) {
    return Stream.concat(
        pod.getStatus().getInitContainerStatuses().stream(),
        pod.getStatus().getContainerStatuses().stream());
  }

  private static Optional<Verdict> blocked(Pod pod, ContainerStatus container) {
    return container.getState() == null || container.getState().getWaiting() == null
        ? Optional.empty()
        : blocked(pod, container, container.getState().getWaiting());
  }

  /**
   * The kubelet alternates between two reasons while it cannot pull; the text must not alternate
   * with it.
   */
  private static Optional<Verdict> blocked(
      Pod pod, ContainerStatus container, ContainerStateWaiting waiting) {
    var reason = Objects.requireNonNullElse(waiting.getReason(), "");
    if (IMAGE_REASONS.contains(reason)) {
      return Optional.of(
          new Verdict(
              Reason.IMAGE_PULL_FAILED, "the node can't pull " + image(pod, container, waiting)));
    }
    if (START_REASONS.contains(reason)) {
      var detail = "container %s: %s".formatted(container.getName(), words(container, waiting));
      return Optional.of(new Verdict(reason(container, detail), detail));
    }
    return Optional.empty();
  }

  /**
   * A container waits for the images that its pod mounts, too. Which one it is the kubelet's words
   * tell, by the spec's name, and the runtime's, by a full one.
   */
  private static String image(Pod pod, ContainerStatus container, ContainerStateWaiting waiting) {
    var words = Objects.requireNonNullElse(waiting.getMessage(), "");
    return Stream.concat(Stream.of(container.getImage()), mountedImages(pod))
        .filter(it -> words.contains(it) || words.contains(ImageReference.repository(it)))
        .max(Comparator.comparingInt(String::length))
        .orElse(container.getImage());
  }

  private static Stream<String> mountedImages(Pod pod) {
    return pod.getSpec() == null
        ? Stream.empty()
        : pod.getSpec().getVolumes().stream()
            .filter(it -> it.getImage() != null)
            .map(it -> it.getImage().getReference());
  }

  private static Reason reason(ContainerStatus container, String detail) {
    if (ImageUser.isUnfit(detail)) {
      return Reason.IMAGE_USER_UNFIT;
    }
    return container.getName().equals(WorkPod.COPY) && ScriptCopy.lacksProgram(detail)
        ? Reason.SOURCE_IMAGE_NOT_COPYABLE
        : Reason.POD_NOT_STARTED;
  }

  /** How it ended says more than for how long the kubelet waits before it starts it once more. */
  private static String words(ContainerStatus container, ContainerStateWaiting waiting) {
    var last = container.getLastState() == null ? null : container.getLastState().getTerminated();
    if (last == null) {
      return waiting.getReason() + ": " + waiting.getMessage();
    }
    var ended = "it ended with exit code %d (%s)".formatted(last.getExitCode(), last.getReason());
    return Report.parse(last.getMessage())
        .map(report -> ended + ": " + report.message())
        .orElse(ended);
  }
}
