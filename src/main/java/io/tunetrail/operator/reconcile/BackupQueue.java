package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.backup.BackupTurns;
import io.tunetrail.operator.lifecycle.JobSlots;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.Verdict;
import io.tunetrail.operator.migration.JobLabels;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets so many backups run as there are slots. A CronJob makes its Jobs suspended, whoever asked
 * for them; here they are started, in the order in which they were made.
 */
final class BackupQueue {
  private static final Logger LOG = LoggerFactory.getLogger(BackupQueue.class);

  /** The cache knows long before that a Job was started. */
  private static final Duration STARTING = Duration.ofSeconds(10);

  private static final Set<Integer> CHANGED_OR_GONE = Set.of(404, 409);

  private final KubernetesClient client;
  private final JobSlots slots;
  private final InstantSource clock;
  private final Map<String, Instant> starting = new HashMap<>();
  private final Map<String, String> servers = new HashMap<>();
  private final Map<String, Verdict> refused = new HashMap<>();

  BackupQueue(KubernetesClient client, JobSlots slots, InstantSource clock) {
    this.client = client;
    this.slots = slots;
    this.clock = clock;
  }

  /**
   * Starts those whose turn it is, whosever they are.
   *
   * @param owner the UID of a resource
   * @param look what was seen of its database
   * @return why one of the owner's can't be started; empty where none is refused
   */
  synchronized Optional<Verdict> admit(String owner, Look look, RunningJobs jobs) {
    if (look instanceof Look.Seen seen) {
      servers.put(owner, seen.facts().server());
    }
    starting.values().removeIf(since -> since.plus(STARTING).isBefore(clock.instant()));
    var unfinished = jobs.unfinishedBackups();
    refused.clear();
    for (var job : BackupTurns.next(unfinished, starting.keySet(), slots, servers::get)) {
      start(job);
    }
    if (servers.size() > 2 * jobs.owners().size()) {
      servers.keySet().retainAll(jobs.owners());
    }
    return Optional.ofNullable(refused.get(owner));
  }

  private void start(Job job) {
    var metadata = job.getMetadata();
    try {
      client
          .batch()
          .v1()
          .jobs()
          .inNamespace(metadata.getNamespace())
          .withName(metadata.getName())
          .patch(PatchContext.of(PatchType.JSON_MERGE), started(job));
      starting.put(metadata.getUid(), clock.instant());
      ChangeLog.job(LOG, "started", job);
    } catch (KubernetesClientException failure) {
      if (!CHANGED_OR_GONE.contains(failure.getCode())) {
        refused.put(BackupTurns.owner(job), refusal(job, failure));
      }
    }
  }

  /** Nothing is written over what changed in between. */
  private String started(Job job) {
    return """
    {"metadata": {"uid": "%s", "resourceVersion": "%s", "annotations": {"%s": "%s"}},
     "spec": {"suspend": false}}
    """
        .formatted(
            job.getMetadata().getUid(),
            job.getMetadata().getResourceVersion(),
            JobLabels.STARTED,
            clock.instant());
  }

  private static Verdict refusal(Job job, KubernetesClientException failure) {
    return Forbidden.verdict(failure)
        .orElseGet(
            () ->
                new Verdict(
                    Reason.API_REFUSED,
                    "Job %s can't be started: %s"
                        .formatted(job.getMetadata().getName(), Forbidden.words(failure))));
  }
}
