package io.tunetrail.operator.migration;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** Why scripts were not copied out of their image. */
final class ScriptCopy {
  /** Of runc and of crun. */
  private static final Pattern NO_PROGRAM =
      Pattern.compile("executable file .*not found", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** An exit code above it tells of a signal. */
  private static final int SIGNALS = 128;

  private ScriptCopy() {}

  /** Empty where they were, or are not yet, or nothing is copied. */
  static Optional<Ended> failure(Pod pod) {
    if (pod.getStatus() == null || pod.getStatus().getInitContainerStatuses() == null) {
      return Optional.empty();
    }
    return pod.getStatus().getInitContainerStatuses().stream()
        .filter(it -> it.getName().equals(WorkPod.COPY))
        .filter(it -> it.getState() != null && it.getState().getTerminated() != null)
        .filter(it -> it.getState().getTerminated().getExitCode() != 0)
        .map(it -> failure(copy(pod), it.getState().getTerminated()))
        .findFirst();
  }

  /** By the words of what could not start. */
  static boolean lacksProgram(String message) {
    return NO_PROGRAM.matcher(message).find();
  }

  /** The image by the spec's name: a status has any name that the node knows it by. */
  private static Ended failure(Container copy, ContainerStateTerminated end) {
    var words = Objects.requireNonNullElse(end.getMessage(), "").strip();
    var outcome = outcome(end, words);
    var image = copy.getImage();
    var detail =
        outcome == Outcome.SOURCE_IMAGE_NOT_COPYABLE
            ? "%s has no cp, by which its scripts would be copied".formatted(image)
            : "the scripts in %s of %s can't be copied: %s"
                .formatted(path(copy), image, words.isEmpty() ? ended(end) : firstLine(words));
    return new Ended(outcome, Instant.parse(end.getFinishedAt()), detail, null);
  }

  private static Outcome outcome(ContainerStateTerminated end, String words) {
    if (lacksProgram(words)) {
      return Outcome.SOURCE_IMAGE_NOT_COPYABLE;
    }
    if (ImageUser.isUnfit(words) || words.contains("Permission denied")) {
      return Outcome.IMAGE_USER_UNFIT;
    }
    if (words.contains("No such file or directory")) {
      return Outcome.INVALID_INPUT;
    }
    return end.getExitCode() > SIGNALS ? Outcome.LOST : Outcome.PROGRAM_FAILED;
  }

  /** A line for each file says no more than the first. */
  private static String firstLine(String words) {
    return words.lines().findFirst().orElse("");
  }

  private static String ended(ContainerStateTerminated end) {
    return "it ended with exit code %d (%s)".formatted(end.getExitCode(), end.getReason());
  }

  private static Container copy(Pod pod) {
    return pod.getSpec().getInitContainers().stream()
        .filter(it -> it.getName().equals(WorkPod.COPY))
        .findFirst()
        .orElseThrow();
  }

  /** As the container was told it. */
  private static String path(Container copy) {
    return copy.getCommand().get(2).replaceFirst("/+\\.$", "");
  }
}
