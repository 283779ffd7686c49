package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.api.BackupStatus;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.backup.DesiredBackup;
import io.tunetrail.operator.backup.VerificationJob;
import io.tunetrail.operator.backup.Verifications;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.JobHistory;
import io.tunetrail.operator.lifecycle.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins the verifications that are due, and removes Jobs that nobody needs any more. */
final class VerificationKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(VerificationKeeper.class);
  private static final int CONFLICT = 409;
  private static final Set<Integer> REFUSED = Set.of(400, 403, 422);

  /** Restoring is the hardest work there is for a server; nobody waits for it. */
  private static final int MOST_AT_ONCE = 5;

  private final KubernetesClient client;
  private final String image;

  VerificationKeeper(KubernetesClient client, String image) {
    this.client = client;
    this.image = image;
  }

  /**
   * Begins what is due; what finds no slot is due at the next reconcile again.
   *
   * @param status with what has ended
   * @return why it could not be begun; empty where it was, or nothing is due
   */
  Optional<Verdict> keep(
      TuneTrailDatabase resource,
      Desired desired,
      DesiredBackup wanted,
      Verifications verifications,
      BackupStatus status,
      RunningJobs running) {
    try {
      prune(resource, verifications, status);
      if (wanted instanceof DesiredBackup.Scheduled scheduled
          && running.verifications().resources().size() < MOST_AT_ONCE) {
        verifications
            .due(status, scheduled)
            .ifPresent(due -> begin(resource, desired, scheduled, due));
      }
      return Optional.empty();
    } catch (KubernetesClientException failure) {
      if (!REFUSED.contains(failure.getCode())) {
        throw failure;
      }
      return Optional.of(
          Forbidden.verdict(failure)
              .orElseGet(
                  () ->
                      new Verdict(
                          Reason.API_REFUSED,
                          "the API server refuses the Job: " + Forbidden.words(failure))));
    }
  }

  private void begin(
      TuneTrailDatabase resource,
      Desired desired,
      DesiredBackup.Scheduled scheduled,
      Verifications.Due due) {
    var job = VerificationJob.of(resource, desired, scheduled, due, image);
    try {
      client.resource(job).create();
      ChangeLog.job(LOG, "created", job);
    } catch (KubernetesClientException e) {
      if (e.getCode() != CONFLICT) {
        throw e;
      }
      // The cache does not have it yet.
    }
  }

  private void prune(TuneTrailDatabase resource, Verifications verifications, BackupStatus status) {
    var unstarted =
        JobHistory.superseded(verifications.jobs(), resource.getMetadata().getGeneration());
    Stream.of(verifications.superfluous(status), unstarted)
        .flatMap(List::stream)
        .forEach(
            name ->
                client
                    .batch()
                    .v1()
                    .jobs()
                    .inNamespace(resource.getMetadata().getNamespace())
                    .withName(name)
                    .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                    .delete());
  }
}
