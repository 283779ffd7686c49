package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.Verdict;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.migration.ObservedJobs;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs as the API server has them, never from a cache; one is created and removed, never changed.
 */
record LiveJobs(KubernetesClient client) {
  private static final Logger LOG = LoggerFactory.getLogger(LiveJobs.class);
  private static final int CONFLICT = 409;
  private static final Set<Integer> REFUSED = Set.of(400, 403, 422);

  /** Those of a resource. */
  List<Job> of(String namespace, String ownerUid) {
    return labelled(namespace, JobLabels.RESOURCE_UID, ownerUid).stream()
        .filter(job -> ObservedJobs.ownedBy(job, ownerUid))
        .toList();
  }

  /** Those with a label, whosever they are. */
  List<Job> labelled(String namespace, String label, String value) {
    return client
        .batch()
        .v1()
        .jobs()
        .inNamespace(namespace)
        .withLabel(label, value)
        .list()
        .getItems();
  }

  /** The number of the next attempt at these inputs. */
  static int nextAttempt(List<Job> own, String inputs) {
    return own.stream()
        .filter(job -> inputs.equals(job.getMetadata().getAnnotations().get(JobLabels.INPUTS)))
        .mapToInt(job -> Integer.parseInt(job.getMetadata().getLabels().get(JobLabels.ATTEMPT)))
        .map(attempt -> attempt + 1)
        .max()
        .orElse(1);
  }

  /** A Job whose container has ended is unfinished here for 2 s more at most. */
  static boolean isUnfinished(Job job) {
    return job.getStatus() == null
        || job.getStatus().getConditions() == null
        || job.getStatus().getConditions().stream()
            .noneMatch(
                it ->
                    Set.of("Complete", "Failed").contains(it.getType())
                        && it.getStatus().equals("True"));
  }

  /**
   * Makes it, unless it is there already.
   *
   * @param ownerUid whose it is
   * @return why it could not be made; empty where it is there
   */
  Optional<Verdict> create(Job job, String ownerUid) {
    try {
      client.resource(job).create();
      ChangeLog.job(LOG, "created", job);
      return Optional.empty();
    } catch (KubernetesClientException e) {
      if (e.getCode() == CONFLICT) {
        return taken(job, ownerUid);
      }
      if (REFUSED.contains(e.getCode())) {
        return Optional.of(refusal(job, e));
      }
      throw e;
    }
  }

  private static Verdict refusal(Job job, KubernetesClientException failure) {
    return Forbidden.verdict(failure)
        .filter(it -> it.reason() == Reason.RIGHT_MISSING)
        .orElseGet(
            () ->
                new Verdict(
                    Reason.API_REFUSED,
                    "the API server refuses Job %s: %s"
                        .formatted(job.getMetadata().getName(), Forbidden.words(failure))));
  }

  /** The name exists: our own Job that no cache had yet, or somebody else's. */
  private Optional<Verdict> taken(Job job, String ownerUid) {
    var there = client.resource(job).get();
    if (there == null || ObservedJobs.ownedBy(there, ownerUid)) {
      return Optional.empty();
    }
    return Optional.of(
        new Verdict(
            Reason.NAME_CONFLICT,
            "a Job %s exists that is not ours".formatted(job.getMetadata().getName())));
  }

  /** What was observed of its pods may be over by now. */
  boolean neverStarted(String namespace, String job) {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel("batch.kubernetes.io/job-name", job)
        .list()
        .getItems()
        .stream()
        .allMatch(pod -> pod.getStatus() == null || "Pending".equals(pod.getStatus().getPhase()));
  }

  /** Deletes Jobs by name, with their pods. */
  void delete(String namespace, List<String> names) {
    for (var name : names) {
      client
          .batch()
          .v1()
          .jobs()
          .inNamespace(namespace)
          .withName(name)
          .withPropagationPolicy(DeletionPropagation.BACKGROUND)
          .delete();
    }
  }
}
