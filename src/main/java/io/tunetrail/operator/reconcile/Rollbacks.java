package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailRestore;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Plan;
import io.tunetrail.operator.lifecycle.RollbackBackup;
import io.tunetrail.operator.lifecycle.Verdict;
import io.tunetrail.operator.restore.RollbackRestore;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a backup come back where {@code migration.rollback} is Restore: by a TuneTrailRestore, which
 * waits for a person's approval. It is read live, for rollbacks are few.
 */
record Rollbacks(KubernetesClient client, InstantSource clock) {
  private static final Logger LOG = LoggerFactory.getLogger(Rollbacks.class);
  private static final int CONFLICT = 409;

  /** The plan, saying how the restore stands where the database is to go back by one. */
  Plan admit(TuneTrailDatabase resource, Desired desired, Plan plan) {
    var verdict = plan.verdict();
    if (verdict == null || verdict.reason() != Reason.ROLLBACK_AWAITS_RESTORE) {
      return plan;
    }
    var progress = plan.progress();
    var backup =
        RollbackBackup.of(
            desired, progress == null ? null : progress.target(), resource.getStatus());
    return plan.saying(
        backup
            .map(it -> standing(new RollbackRestore(resource, it), desired, verdict.detail()))
            .orElseGet(() -> unknown(verdict)));
  }

  private static Verdict unknown(Verdict verdict) {
    return new Verdict(
        Reason.ROLLBACK_BACKUP_UNKNOWN,
        verdict.detail()
            + "; no work on this database tells of a backup that it had made before"
            + " it left that version");
  }

  private Verdict standing(RollbackRestore rollback, Desired desired, String why) {
    try {
      var found = get(rollback);
      if (found == null) {
        return desired.suspended()
            ? new Verdict(Reason.SUSPENDED, "spec.suspend is true; " + why)
            : made(rollback, why);
      }
      return rollback.isOurs(found)
          ? rollback.verdict(found.getStatus(), why, clock.instant())
          : new Verdict(
              Reason.NAME_CONFLICT,
              "a TuneTrailRestore %s exists that is not ours".formatted(rollback.name()));
    } catch (KubernetesClientException failure) {
      return Forbidden.verdict(failure).orElseThrow(() -> failure);
    }
  }

  private TuneTrailRestore get(RollbackRestore rollback) {
    return client
        .resources(TuneTrailRestore.class)
        .inNamespace(rollback.database().getMetadata().getNamespace())
        .withName(rollback.name())
        .get();
  }

  private Verdict made(RollbackRestore rollback, String why) {
    try {
      client.resource(rollback.resource()).create();
      ChangeLog.of(LOG, rollback.database())
          .addKeyValue("restore", rollback.name())
          .log("created TuneTrailRestore {}", rollback.name());
    } catch (KubernetesClientException e) {
      if (e.getCode() != CONFLICT) {
        throw e;
      }
    }
    return rollback.verdict(null, why, clock.instant());
  }
}
