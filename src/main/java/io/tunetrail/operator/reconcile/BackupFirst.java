package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.backup.BackupByHand;
import io.tunetrail.operator.backup.BackupWord;
import io.tunetrail.operator.backup.ObservedBackup;
import io.tunetrail.operator.lifecycle.BackupGate;
import io.tunetrail.operator.lifecycle.BackupGate.Standing;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Observed;
import io.tunetrail.operator.lifecycle.Plan;
import io.tunetrail.operator.lifecycle.Verdict;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a backup made before a work starts, where {@code migration.backupFirst} asks for it. */
record BackupFirst(KubernetesClient client) {
  private static final Logger LOG = LoggerFactory.getLogger(BackupFirst.class);
  private static final int CONFLICT = 409;

  /** The plan, without its work while a backup is missing. */
  Plan admit(
      TuneTrailDatabase resource,
      Desired desired,
      Observed observed,
      Plan plan,
      Backups.Standing backups) {
    var word = backups.word().orElse(null);
    if (plan.start() == null || word == null) {
      return plan;
    }
    var status = resource.getStatus();
    var gate =
        BackupGate.of(
            desired,
            observed,
            plan.start(),
            status == null ? null : status.lastMigration(),
            standing(backups, word));
    return switch (gate) {
      case BackupGate.Open(var backup) -> backup == null ? plan : plan.backedUpBy(backup);
      case BackupGate.Waiting(var verdict) -> plan.saying(verdict).withoutStart();
      case BackupGate.Wanted(var suffix, var verdict) ->
          plan.saying(made(backups.cronJob(), suffix, verdict)).withoutStart();
    };
  }

  private static Standing standing(Backups.Standing backups, BackupWord word) {
    var running =
        backups.made().stream()
            .filter(ObservedBackup::running)
            .map(it -> it.job().name())
            .findFirst()
            .orElse(null);
    return new Standing(word.status(), running, backups.obstacle());
  }

  private Verdict made(@Nullable CronJob cronJob, String suffix, Verdict verdict) {
    if (cronJob == null) {
      return verdict; // it was made just now, and its arrival in the cache is news
    }
    var job = BackupByHand.of(cronJob, suffix);
    try {
      client.resource(job).create();
      ChangeLog.job(LOG, "created", job);
      return verdict;
    } catch (KubernetesClientException e) {
      return e.getCode() == CONFLICT ? verdict : refused(e);
    }
  }

  private static Verdict refused(KubernetesClientException failure) {
    return Forbidden.verdict(failure)
        .orElseGet(
            () ->
                new Verdict(
                    Reason.API_REFUSED,
                    "the API server refuses the backup's Job: " + Forbidden.words(failure)));
  }
}
