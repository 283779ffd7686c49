package io.tunetrail.operator.reconcile;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailRestore;
import io.tunetrail.operator.backup.DesiredBackup;
import io.tunetrail.operator.backup.RestoreJob;
import io.tunetrail.operator.lifecycle.JobHistory;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.migration.RestoreAccess;
import io.tunetrail.operator.restore.DesiredRestore;
import io.tunetrail.operator.restore.RestorePlan;
import java.util.List;

/** Carries out a restore's plan. */
final class RestoreStarter {
  private final LiveJobs jobs;
  private final String image;

  RestoreStarter(KubernetesClient client, String image) {
    this.jobs = new LiveJobs(client);
    this.image = image;
  }

  /**
   * Makes the Job that is due, and removes those that are no longer needed.
   *
   * @return the plan, or with another verdict where the API would not have it
   */
  RestorePlan apply(
      TuneTrailRestore restore,
      DesiredRestore desired,
      RestoreObserver.Seen seen,
      RestorePlan plan) {
    try {
      var started = plan.start() == null ? plan : started(restore, desired, seen, plan);
      prune(restore, seen);
      return started;
    } catch (KubernetesClientException failure) {
      return plan.saying(Forbidden.verdict(failure).orElseThrow(() -> failure));
    }
  }

  private RestorePlan started(
      TuneTrailRestore restore,
      DesiredRestore desired,
      RestoreObserver.Seen seen,
      RestorePlan plan) {
    var own = jobs.of(restore.getMetadata().getNamespace(), desired.uid());
    if (own.stream().anyMatch(it -> LiveJobs.isUnfinished(it) || isNews(it, seen))) {
      return plan;
    }
    var job = job(restore, seen, LiveJobs.nextAttempt(own, desired.inputs()));
    return jobs.create(job, desired.uid()).map(plan::saying).orElse(plan);
  }

  /** One that ended well before the cache had it would else be done twice. */
  private static boolean isNews(Job job, RestoreObserver.Seen seen) {
    return seen.facts().own().stream()
        .map(ObservedJob::name)
        .noneMatch(job.getMetadata().getName()::equals);
  }

  private Job job(TuneTrailRestore restore, RestoreObserver.Seen seen, int attempt) {
    var database = requireNonNull(seen.database());
    var backups = (DesiredBackup.Scheduled) DesiredBackup.from(database);
    var approval = restore.getSpec().approval();
    var access =
        new RestoreAccess(
            requireNonNull(seen.login()).admin(), approval == null ? null : approval.approvedBy());
    return RestoreJob.of(restore, database, backups, access, attempt, image);
  }

  private void prune(TuneTrailRestore restore, RestoreObserver.Seen seen) {
    var namespace = restore.getMetadata().getNamespace();
    var own = seen.facts().own();
    jobs.delete(namespace, JobHistory.superfluous(own));
    if (seen.database() != null) {
      jobs.delete(namespace, superseded(namespace, seen.database(), own));
    }
  }

  /** One whose pod can't start goes when the database's spec, which shaped it, is a newer one. */
  private List<String> superseded(
      String namespace, TuneTrailDatabase database, List<ObservedJob> own) {
    return JobHistory.superseded(own, database.getMetadata().getGeneration()).stream()
        .filter(it -> jobs.neverStarted(namespace, it))
        .toList();
  }
}
