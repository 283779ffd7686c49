package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.migration.MigrationJob;
import io.tunetrail.operator.migration.ObservedJobs;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the caches know of the operator's Jobs, whosever they are.
 *
 * @param kind which of them
 */
record RunningJobs(
    Cache<TuneTrailDatabase> databases, Cache<Job> jobs, Cache<Pod> pods, Predicate<Job> kind) {

  /** Those that work. */
  RunningJobs(Cache<TuneTrailDatabase> databases, Cache<Job> jobs, Cache<Pod> pods) {
    this(
        databases,
        jobs,
        pods,
        job ->
            !ObservedJobs.isLook(job)
                && !ObservedJobs.isBackup(job)
                && !ObservedJobs.isRestore(job));
  }

  /** Those that verify backups. */
  RunningJobs verifications() {
    return new RunningJobs(databases, jobs, pods, ObservedJobs::isVerification);
  }

  /** Those that look. */
  RunningJobs looks() {
    return new RunningJobs(databases, jobs, pods, ObservedJobs::isLook);
  }

  @SuppressWarnings("unchecked") // informers are caches of their type
  static RunningJobs of(Context<TuneTrailDatabase> context) {
    var sources = context.eventSourceRetriever();
    return new RunningJobs(
        (Cache<TuneTrailDatabase>) context.getPrimaryCache(),
        (Cache<Job>) sources.getEventSourceFor(Job.class),
        (Cache<Pod>) sources.getEventSourceFor(Pod.class));
  }

  /** Whether there is a resource of this name with this UID. */
  boolean isOwner(ResourceID name, String uid) {
    return databases.get(name).filter(it -> it.getMetadata().getUid().equals(uid)).isPresent();
  }

  /** The UIDs of all resources that there are. */
  Set<String> owners() {
    return databases.list().map(it -> it.getMetadata().getUid()).collect(Collectors.toSet());
  }

  /**
   * The UIDs of the resources of which a Job runs: one whose containers have ended does not any
   * more, whatever the Job's condition says yet.
   */
  Set<String> resources() {
    Map<String, String> unfinished =
        jobs.list(job -> kind.test(job) && !isFinished(job))
            .collect(Collectors.toMap(job -> job.getMetadata().getUid(), RunningJobs::resource));
    var ended = new HashSet<String>();
    var alive = new HashSet<String>();
    pods.list()
        .forEach(
            pod ->
                pod.getMetadata().getOwnerReferences().stream()
                    .filter(owner -> unfinished.containsKey(owner.getUid()))
                    .forEach(owner -> (hasEnded(pod) ? ended : alive).add(owner.getUid())));
    ended.removeAll(alive);
    unfinished.keySet().removeAll(ended);
    return Set.copyOf(unfinished.values());
  }

  /** Jobs that make backups and have not ended, those that wait for their turn among them. */
  List<Job> unfinishedBackups() {
    return jobs.list(
            job ->
                ObservedJobs.isBackup(job) && !ObservedJobs.isVerification(job) && !isFinished(job))
        .toList();
  }

  private static String resource(Job job) {
    return job.getMetadata().getLabels().getOrDefault(JobLabels.RESOURCE_UID, "");
  }

  private static boolean isFinished(Job job) {
    return job.getStatus() != null
        && job.getStatus().getConditions() != null
        && job.getStatus().getConditions().stream()
            .anyMatch(
                it ->
                    Set.of("Complete", "Failed").contains(it.getType())
                        && it.getStatus().equals("True"));
  }

  private static boolean hasEnded(Pod pod) {
    return pod.getStatus() != null
        && pod.getStatus().getContainerStatuses() != null
        && pod.getStatus().getContainerStatuses().stream()
            .anyMatch(
                it ->
                    it.getName().equals(MigrationJob.CONTAINER)
                        && it.getState() != null
                        && it.getState().getTerminated() != null);
  }
}
