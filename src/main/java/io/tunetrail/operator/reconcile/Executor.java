package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.api.LookBy;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.JobHistory;
import io.tunetrail.operator.lifecycle.JobLooks;
import io.tunetrail.operator.lifecycle.Keeping;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.Plan;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.lifecycle.Verdict;
import io.tunetrail.operator.lifecycle.Work;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.migration.MigrationJob;
import io.tunetrail.operator.migration.ObservedJobs;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Carries out a plan. A Job is created, never changed; what is there is read live, never from a
 * cache.
 */
final class Executor {
  private final LiveJobs jobs;
  private final ContentKeeper contents;
  private final PlanKeeper plans;
  private final String image;

  Executor(KubernetesClient client, String image) {
    this.jobs = new LiveJobs(client);
    this.contents = new ContentKeeper(client);
    this.plans = new PlanKeeper(client);
    this.image = image;
  }

  /**
   * Carries it out and deletes Jobs that are no longer needed.
   *
   * @param observed as they were observed
   * @return the plan, or with another verdict where the API would not have it
   */
  Plan apply(TuneTrailDatabase resource, Desired desired, Plan plan, JobLooks observed) {
    try {
      return pruned(resource, observed, carriedOut(resource, desired, plan, observed));
    } catch (KubernetesClientException failure) {
      return plan.saying(Forbidden.verdict(failure).orElseThrow(() -> failure));
    }
  }

  private Plan carriedOut(
      TuneTrailDatabase resource, Desired desired, Plan plan, JobLooks observed) {
    switch (plan.keep()) {
      case Keeping.Told(String job) -> {
        return keep(resource, desired, plan, job);
      }
      case Keeping.Planned planned -> {
        return keep(resource, desired, plan, planned);
      }
      case Keeping.NoPlan _ -> plans.forget(resource);
      case null -> {}
    }
    return started(resource, desired, plan, observed);
  }

  private Plan started(TuneTrailDatabase resource, Desired desired, Plan plan, JobLooks observed) {
    var work = plan.start();
    if (work == null) {
      return plan;
    }
    var own = live(resource, work.task());
    if (own.stream()
        .anyMatch(job -> LiveJobs.isUnfinished(job) || isNews(resource, job, observed))) {
      return plan;
    }
    return create(resource, desired, work.withAttempt(LiveJobs.nextAttempt(own, work.inputs())))
        .map(plan::saying)
        .orElse(plan);
  }

  private Plan keep(TuneTrailDatabase resource, Desired desired, Plan plan, String job) {
    var source = Objects.requireNonNull(desired.imageSource());
    return kept(resource, plan, job, contents.keep(resource, source, job));
  }

  private Plan keep(
      TuneTrailDatabase resource, Desired desired, Plan plan, Keeping.Planned planned) {
    return kept(resource, plan, planned.job(), plans.keep(resource, desired, planned));
  }

  private Plan kept(TuneTrailDatabase resource, Plan plan, String job, Kept kept) {
    return switch (kept) {
      case Kept.Done _, Kept.NotTold _ -> {
        prune(resource, List.of(job)); // an old log must never stand for a new answer
        yield plan;
      }
      case Kept.NameTaken(String name) ->
          plan.saying(
              new Verdict(
                  Reason.NAME_CONFLICT, "a ConfigMap %s exists that is not ours".formatted(name)));
    };
  }

  /** Those that may not run beside this one: looks beside looks, works beside works. */
  private List<Job> live(TuneTrailDatabase resource, Task task) {
    return jobs.of(namespace(resource), resource.getMetadata().getUid()).stream()
        .filter(job -> !ObservedJobs.isBackup(job))
        .filter(job -> ObservedJobs.isLook(job) == (task == Task.LOOK))
        .toList();
  }

  /**
   * Whether a Job began and ended without the cache having it yet: what another Job saw is older
   * than that.
   */
  private static boolean isNews(TuneTrailDatabase resource, Job job, JobLooks observed) {
    return resource.getSpec().connection().look() == LookBy.JOB
        && Stream.concat(observed.works().stream(), observed.looks().stream())
            .noneMatch(it -> it.name().equals(job.getMetadata().getName()));
  }

  private Optional<Verdict> create(TuneTrailDatabase resource, Desired desired, Work work) {
    var job = stamped(MigrationJob.of(resource, desired, work, image), resource);
    return jobs.create(job, resource.getMetadata().getUid());
  }

  /**
   * With the generation that it is made for, so that a newer spec may replace it unless it runs.
   */
  private static Job stamped(Job job, TuneTrailDatabase resource) {
    return new JobBuilder(job)
        .editMetadata()
        .addToAnnotations(
            JobLabels.GENERATION, Long.toString(resource.getMetadata().getGeneration()))
        .endMetadata()
        .build();
  }

  /** A database is no less ready because old Jobs stay; its condition says so all the same. */
  private Plan pruned(TuneTrailDatabase resource, JobLooks observed, Plan plan) {
    try {
      prune(resource, JobHistory.superfluous(observed.works()));
      prune(resource, JobHistory.supersededLooks(observed.looks()));
      pruneUnstarted(resource, observed.works());
      pruneUnstarted(resource, observed.looks());
      return plan;
    } catch (KubernetesClientException failure) {
      var refused = Forbidden.verdict(failure).orElseThrow(() -> failure);
      var said = plan.verdict();
      return said == null
          ? plan
          : plan.saying(
              new Verdict(
                  said.reason(),
                  "%s; old Jobs stay: %s. %s"
                      .formatted(said.detail(), refused.detail(), refused.reason().remedy())));
    }
  }

  private void pruneUnstarted(TuneTrailDatabase resource, List<ObservedJob> unended) {
    var superseded = JobHistory.superseded(unended, resource.getMetadata().getGeneration());
    prune(resource, superseded.stream().filter(it -> neverStarted(resource, it)).toList());
  }

  private boolean neverStarted(TuneTrailDatabase resource, String job) {
    return jobs.neverStarted(namespace(resource), job);
  }

  private void prune(TuneTrailDatabase resource, List<String> names) {
    jobs.delete(namespace(resource), names);
  }

  private static String namespace(TuneTrailDatabase resource) {
    return resource.getMetadata().getNamespace();
  }
}
