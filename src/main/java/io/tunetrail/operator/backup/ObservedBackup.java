package io.tunetrail.operator.backup;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.Verdict;
import io.tunetrail.operator.migration.ObservedJobs;
import io.tunetrail.operator.migration.Outcome;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Job of the CronJob's, made by schedule or by hand.
 *
 * @param slot the time of the schedule that it was made for; null for one made by hand
 * @param created when the Job was made
 */
public record ObservedBackup(ObservedJob job, @Nullable Instant slot, Instant created) {
  private static final String SLOT = "batch.kubernetes.io/cronjob-scheduled-timestamp";

  /**
   * Those of a CronJob, by its UID.
   *
   * @param cronJob null: there is none
   * @param refusals why a Job has no pod, by the Job's UID
   */
  public static List<ObservedBackup> of(
      @Nullable CronJob cronJob,
      Collection<Job> jobs,
      Collection<Pod> pods,
      Map<String, Verdict> refusals) {
    if (cronJob == null) {
      return List.of();
    }
    var uid = cronJob.getMetadata().getUid();
    return jobs.stream()
        .filter(job -> ObservedJobs.ownedBy(job, uid))
        .flatMap(
            job ->
                ObservedJobs.of(uid, List.of(job), pods, refusals).stream()
                    .map(observed -> of(observed, job)))
        .toList();
  }

  private static ObservedBackup of(ObservedJob observed, Job job) {
    var metadata = job.getMetadata();
    var slot = metadata.getAnnotations() == null ? null : metadata.getAnnotations().get(SLOT);
    return new ObservedBackup(
        observed,
        slot == null ? null : OffsetDateTime.parse(slot).toInstant(),
        Instant.parse(metadata.getCreationTimestamp()));
  }

  public boolean running() {
    return !(job.state() instanceof Ended);
  }

  boolean succeeded() {
    return job.state() instanceof Ended ended
        && ended.outcome() == Outcome.DONE
        && ended.report() != null
        && ended.report().backup() != null;
  }
}
