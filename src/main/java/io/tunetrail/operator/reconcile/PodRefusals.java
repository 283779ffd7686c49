package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.Verdict;
import io.tunetrail.operator.migration.ObservedJobs;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Why Jobs have no pod. The Job controller tells it in Events only, so they are read, and only
 * those of a Job that should have had a pod by now.
 */
final class PodRefusals {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final KubernetesClient client;

  PodRefusals(KubernetesClient client) {
    this.client = client;
  }

  /** By the Job's UID; without an entry where nothing was refused. */
  Map<String, Verdict> of(
      String ownerUid, Collection<Job> jobs, Collection<Pod> pods, Instant now) {
    var refusals = new HashMap<String, Verdict>();
    for (var job : ObservedJobs.withoutPod(ownerUid, jobs, pods, now.minus(PATIENCE))) {
      refusal(job).ifPresent(it -> refusals.put(job.getMetadata().getUid(), it));
    }
    return refusals;
  }

  private Optional<Verdict> refusal(Job job) {
    try {
      return words(job.getMetadata().getName(), events(job))
          .map(it -> new Verdict(Reason.POD_REFUSED, it));
    } catch (KubernetesClientException failure) {
      return Optional.of(Forbidden.verdict(failure).orElseThrow(() -> failure));
    }
  }

  private List<Event> events(Job job) {
    return client
        .v1()
        .events()
        .inNamespace(job.getMetadata().getNamespace())
        .withField("involvedObject.uid", job.getMetadata().getUid())
        .withField("reason", "FailedCreate")
        .list()
        .getItems();
  }

  /** The last refusal, without the name of the pod, which is another one at each try. */
  static Optional<String> words(String job, List<Event> events) {
    return events.stream()
        .max(
            Comparator.comparing(
                it -> Objects.requireNonNullElse(it.getLastTimestamp(), it.getFirstTimestamp())))
        .map(
            it ->
                it.getMessage()
                    .replaceFirst("(?s)^.*?Error creating: ", "")
                    .replaceFirst("^pods \"[^\"]*\" is forbidden: ", "")
                    .replaceAll(job + "-[a-z0-9]{5}\\b", job))
        .map(it -> "the pod of Job %s is refused: %s".formatted(job, it));
  }
}
