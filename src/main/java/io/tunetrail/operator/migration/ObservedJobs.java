package io.tunetrail.operator.migration;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.ObservedJob.Blocked;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.ObservedJob.Running;
import io.tunetrail.operator.lifecycle.ObservedJob.State;
import io.tunetrail.operator.lifecycle.Task;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What Jobs and their pods say of the work. It is over when the container has ended; the Job's own
 * condition comes about 2 s later.
 */
public final class ObservedJobs {
  private static final Set<String> IMAGE_REASONS =
      Set.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull");
  private static final Set<String> START_REASONS =
      Set.of(
          "CreateContainerConfigError",
          "CreateContainerError",
          "RunContainerError",
          "CrashLoopBackOff");

  private static final Set<String> NEVER_STARTED = Set.of("StartError", "ContainerCannotRun");

  private ObservedJobs() {}

  /**
   * The Jobs that belong to a resource, by owner UID.
   *
   * @param jobs ours of the resource's namespace, also those of other resources
   * @param pods of those Jobs
   */
  public static List<ObservedJob> of(String ownerUid, Collection<Job> jobs, Collection<Pod> pods) {
    return jobs.stream()
        .filter(job -> ownedBy(job, ownerUid))
        .map(job -> observed(job, pods.stream().filter(pod -> ownedBy(pod, job)).toList()))
        .toList();
  }

  /**
   * Whether a Job is this resource's own, and not one of an earlier resource with the same name.
   */
  public static boolean ownedBy(Job job, String ownerUid) {
    return job.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> owner.getUid().equals(ownerUid));
  }

  private static boolean ownedBy(Pod pod, Job job) {
    return pod.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> owner.getUid().equals(job.getMetadata().getUid()));
  }

  private static ObservedJob observed(Job job, List<Pod> pods) {
    var annotations =
        Objects.requireNonNullElse(job.getMetadata().getAnnotations(), Map.<String, String>of());
    var labels =
        Objects.requireNonNullElse(job.getMetadata().getLabels(), Map.<String, String>of());
    return new ObservedJob(
        job.getMetadata().getName(),
        task(labels.get(JobLabels.TASK)),
        annotations.getOrDefault(JobLabels.INPUTS, ""),
        Integer.parseInt(labels.getOrDefault(JobLabels.ATTEMPT, "0")),
        annotations.get(JobLabels.APPROVED_BY),
        state(job, pods));
  }

  private static Task task(@Nullable String text) {
    for (var task : Task.values()) {
      if (task.toString().equals(text)) {
        return task;
      }
    }
    return Task.MIGRATE;
  }

  private static State state(Job job, List<Pod> pods) {
    var failed = condition(job, "Failed");
    if (failed.filter(it -> Objects.equals(it.getReason(), "DeadlineExceeded")).isPresent()) {
      var detail = "Job %s was ended at migration.deadline".formatted(job.getMetadata().getName());
      return new Ended(Outcome.DEADLINE_EXCEEDED, at(failed.get()), detail, null);
    }
    var containers = pods.stream().map(ObservedJobs::container).flatMap(Optional::stream).toList();
    var terminated =
        containers.stream()
            .map(ContainerState::getTerminated)
            .filter(Objects::nonNull)
            .max(Comparator.comparing(ContainerStateTerminated::getFinishedAt));
    boolean allEnded =
        containers.size() == pods.size()
            && containers.stream().allMatch(it -> it.getTerminated() != null);
    if (terminated.isPresent() && allEnded) {
      return ended(job, terminated.get());
    }
    var finished = failed.or(() -> condition(job, "Complete"));
    if (finished.isPresent()) {
      return lost(job, finished.get());
    }
    return Stream.concat(containers.stream(), pods.stream().flatMap(ObservedJobs::sidecars))
        .map(ContainerState::getWaiting)
        .filter(Objects::nonNull)
        .map(waiting -> blocked(job, waiting))
        .flatMap(Optional::stream)
        .findFirst()
        .orElse(new Running());
  }

  private static Optional<ContainerState> container(Pod pod) {
    if (pod.getStatus() == null || pod.getStatus().getContainerStatuses() == null) {
      return Optional.empty();
    }
    return pod.getStatus().getContainerStatuses().stream()
        .filter(it -> it.getName().equals(MigrationJob.CONTAINER))
        .map(it -> Objects.requireNonNullElse(it.getState(), new ContainerState()))
        .findFirst();
  }

  private static Stream<ContainerState> sidecars(Pod pod) {
    return pod.getStatus() == null || pod.getStatus().getInitContainerStatuses() == null
        ? Stream.empty()
        : pod.getStatus().getInitContainerStatuses().stream()
            .map(ContainerStatus::getState)
            .filter(Objects::nonNull);
  }

  private static Ended ended(Job job, ContainerStateTerminated terminated) {
    var report = Report.parse(terminated.getMessage());
    var at = Instant.parse(terminated.getFinishedAt());
    if (report.isPresent()) {
      return new Ended(report.get().outcome(), at, report.get().message(), report.get());
    }
    if (NEVER_STARTED.contains(String.valueOf(terminated.getReason()))) {
      return new Ended(
          Outcome.PROGRAM_FAILED,
          at,
          "the container can't start: " + terminated.getMessage(),
          null);
    }
    var outcome =
        terminated.getExitCode() == 0 ? Outcome.DONE : Outcome.ofExitCode(terminated.getExitCode());
    var detail =
        "the container of Job %s ended with exit code %d (%s) and left no report"
            .formatted(
                job.getMetadata().getName(), terminated.getExitCode(), terminated.getReason());
    return new Ended(outcome, at, detail, null);
  }

  private static State lost(Job job, JobCondition finished) {
    var detail =
        "the pod of Job %s is gone (%s)"
            .formatted(
                job.getMetadata().getName(),
                Objects.requireNonNullElse(finished.getReason(), finished.getType()));
    return new Ended(Outcome.LOST, at(finished), detail, null);
  }

  private static Instant at(JobCondition condition) {
    return Instant.parse(condition.getLastTransitionTime());
  }

  private static Optional<JobCondition> condition(Job job, String type) {
    return job.getStatus() == null || job.getStatus().getConditions() == null
        ? Optional.empty()
        : job.getStatus().getConditions().stream()
            .filter(it -> it.getType().equals(type) && it.getStatus().equals("True"))
            .findFirst();
  }

  /**
   * The kubelet alternates between two reasons while it cannot pull; the text must not alternate
   * with it.
   */
  private static Optional<State> blocked(Job job, ContainerStateWaiting waiting) {
    var reason = Objects.requireNonNullElse(waiting.getReason(), "");
    if (IMAGE_REASONS.contains(reason)) {
      var image = job.getSpec().getTemplate().getSpec().getContainers().getFirst().getImage();
      return Optional.of(new Blocked(Reason.IMAGE_PULL_FAILED, "the node can't pull " + image));
    }
    if (START_REASONS.contains(reason)) {
      var message = Objects.requireNonNullElse(waiting.getMessage(), "no message");
      return Optional.of(new Blocked(Reason.POD_NOT_STARTED, reason + ": " + message));
    }
    return Optional.empty();
  }
}
