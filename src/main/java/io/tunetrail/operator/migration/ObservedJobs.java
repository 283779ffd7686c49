package io.tunetrail.operator.migration;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
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
import io.tunetrail.operator.lifecycle.Verdict;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Jobs and their pods say of the work. It is over when the container has ended; the Job's own
 * condition comes about 2 s later.
 */
public final class ObservedJobs {
  private static final Set<String> NEVER_STARTED = Set.of("StartError", "ContainerCannotRun");

  private ObservedJobs() {}

  /**
   * The Jobs that belong to a resource, by owner UID.
   *
   * @param jobs ours of the resource's namespace, also those of other resources
   * @param pods of those Jobs
   */
  public static List<ObservedJob> of(String ownerUid, Collection<Job> jobs, Collection<Pod> pods) {
    return of(ownerUid, jobs, pods, Map.of());
  }

  /**
   * The same, with what keeps Jobs from having a pod at all.
   *
   * @param refusals why a Job has no pod, by the Job's UID
   */
  public static List<ObservedJob> of(
      String ownerUid, Collection<Job> jobs, Collection<Pod> pods, Map<String, Verdict> refusals) {
    return jobs.stream()
        .filter(job -> ownedBy(job, ownerUid))
        .map(
            job ->
                observed(
                    job,
                    pods.stream().filter(pod -> ownedBy(pod, job)).toList(),
                    refusals.get(job.getMetadata().getUid())))
        .toList();
  }

  /** A resource's unfinished Jobs that were created before a moment and have no pod. */
  public static List<Job> withoutPod(
      String ownerUid, Collection<Job> jobs, Collection<Pod> pods, Instant createdBefore) {
    return jobs.stream()
        .filter(job -> ownedBy(job, ownerUid))
        .filter(job -> condition(job, "Failed").or(() -> condition(job, "Complete")).isEmpty())
        .filter(job -> !waitsForTurn(job))
        .filter(job -> pods.stream().noneMatch(pod -> ownedBy(pod, job)))
        .filter(
            job -> Instant.parse(job.getMetadata().getCreationTimestamp()).isBefore(createdBefore))
        .toList();
  }

  /**
   * Whether a Job is this resource's own, and not one of an earlier resource with the same name.
   */
  public static boolean ownedBy(Job job, String ownerUid) {
    return job.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> owner.getUid().equals(ownerUid));
  }

  /** Whether it looks, and does not work. */
  public static boolean isLook(Job job) {
    return is(Task.LOOK, job);
  }

  /** Whether it makes a backup or verifies one; neither takes a slot of a migration. */
  public static boolean isBackup(Job job) {
    return isVerification(job) || is(Task.BACKUP, job);
  }

  /** Whether it verifies a backup. */
  public static boolean isVerification(Job job) {
    return is(Task.VERIFY, job);
  }

  private static boolean is(Task task, Job job) {
    var labels = job.getMetadata().getLabels();
    return labels != null && task.toString().equals(labels.get(JobLabels.TASK));
  }

  public static boolean isSuspended(Job job) {
    return Boolean.TRUE.equals(job.getSpec().getSuspend());
  }

  /** Whether it makes a backup and was not started yet. */
  public static boolean waitsForTurn(Job job) {
    var annotations = job.getMetadata().getAnnotations();
    return is(Task.BACKUP, job)
        && isSuspended(job)
        && (annotations == null || !annotations.containsKey(JobLabels.STARTED));
  }

  /** Whether it restores, which a person asked for: it waits for no slot and takes none. */
  public static boolean isRestore(Job job) {
    var labels = job.getMetadata().getLabels();
    return labels != null && Task.RESTORE.toString().equals(labels.get(JobLabels.TASK));
  }

  /** Whether a Job says what it did not say before; null: it is new. */
  public static boolean saysMore(@Nullable Job before, Job now) {
    return !words(now).equals(before == null ? new JobWords(false, null, null) : words(before));
  }

  /** Whether a pod says what it did not say before; null: it is new. */
  public static boolean saysMore(@Nullable Pod before, Pod now) {
    return !words(now).equals(before == null ? new PodWords(null, null, null) : words(before));
  }

  /** All that is ever read of a Job and can change. */
  private record JobWords(
      boolean suspended, @Nullable JobCondition failed, @Nullable JobCondition complete) {}

  private static JobWords words(Job job) {
    return new JobWords(
        isSuspended(job),
        condition(job, "Failed").orElse(null),
        condition(job, "Complete").orElse(null));
  }

  /** All that is ever read of a pod and can change. */
  private record PodWords(
      @Nullable ContainerStateTerminated terminated,
      @Nullable Ended notCopied,
      @Nullable Verdict obstacle) {}

  private static PodWords words(Pod pod) {
    return new PodWords(
        container(pod).map(ContainerState::getTerminated).orElse(null),
        ScriptCopy.failure(pod).orElse(null),
        WaitingPod.obstacle(pod).orElse(null));
  }

  private static boolean ownedBy(Pod pod, Job job) {
    return pod.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> owner.getUid().equals(job.getMetadata().getUid()));
  }

  private static ObservedJob observed(Job job, List<Pod> pods, @Nullable Verdict refusal) {
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
        state(job, pods, refusal),
        annotations.get(JobLabels.BACKUP));
  }

  private static Task task(@Nullable String text) {
    for (var task : Task.values()) {
      if (task.toString().equals(text)) {
        return task;
      }
    }
    return Task.MIGRATE;
  }

  private static State state(Job job, List<Pod> pods, @Nullable Verdict refusal) {
    var failed = condition(job, "Failed");
    if (failed.filter(it -> Objects.equals(it.getReason(), "DeadlineExceeded")).isPresent()) {
      var detail = "Job %s was ended at migration.deadline".formatted(job.getMetadata().getName());
      return new Ended(Outcome.DEADLINE_EXCEEDED, at(failed.get()), detail, null);
    }
    var notCopied = pods.stream().flatMap(pod -> ScriptCopy.failure(pod).stream()).findFirst();
    if (notCopied.isPresent()) {
      return notCopied.get();
    }
    var terminated = terminated(pods);
    if (terminated.isPresent()) {
      return ended(job, terminated.get());
    }
    var finished = failed.or(() -> condition(job, "Complete"));
    if (finished.isPresent()) {
      return lost(job, finished.get());
    }
    return obstacle(job, pods, refusal)
        .<State>map(it -> new Blocked(it.reason(), it.detail(), generation(job)))
        .orElseGet(Running::new);
  }

  private static Optional<Verdict> obstacle(Job job, List<Pod> pods, @Nullable Verdict refusal) {
    if (waitsForTurn(job)) {
      return Optional.empty();
    }
    if (isSuspended(job)) {
      var name = job.getMetadata().getName();
      return Optional.of(new Verdict(Reason.JOB_SUSPENDED, "Job %s is suspended".formatted(name)));
    }
    return pods.isEmpty()
        ? Optional.ofNullable(refusal)
        : pods.stream().flatMap(pod -> WaitingPod.obstacle(pod).stream()).findFirst();
  }

  private static @Nullable Long generation(Job job) {
    var annotations = job.getMetadata().getAnnotations();
    var text = annotations == null ? null : annotations.get(JobLabels.GENERATION);
    return text == null ? null : Long.valueOf(text);
  }

  /** How the last of the containers ended; empty while one of them has not. */
  private static Optional<ContainerStateTerminated> terminated(List<Pod> pods) {
    var states = pods.stream().map(ObservedJobs::container).flatMap(Optional::stream).toList();
    boolean allEnded =
        states.size() == pods.size() && states.stream().allMatch(it -> it.getTerminated() != null);
    return allEnded
        ? states.stream()
            .map(ContainerState::getTerminated)
            .max(Comparator.comparing(ContainerStateTerminated::getFinishedAt))
        : Optional.empty();
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

  private static Ended ended(Job job, ContainerStateTerminated terminated) {
    var report = Report.parse(terminated.getMessage());
    var at = Instant.parse(terminated.getFinishedAt());
    if (report.isPresent()) {
      return new Ended(report.get().outcome(), at, report.get().message(), report.get());
    }
    if (NEVER_STARTED.contains(String.valueOf(terminated.getReason()))) {
      return new Ended(
          ImageUser.isUnfit(String.valueOf(terminated.getMessage()))
              ? Outcome.IMAGE_USER_UNFIT
              : Outcome.PROGRAM_FAILED,
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
}
