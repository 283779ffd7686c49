package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
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
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out a plan. A Job is created, never changed; what is there is read live, never from a
 * cache.
 */
final class Executor {
  private static final Logger LOG = LoggerFactory.getLogger(Executor.class);
  private static final int CONFLICT = 409;
  private static final Set<Integer> REFUSED = Set.of(400, 403, 422);

  private final KubernetesClient client;
  private final ContentKeeper contents;
  private final PlanKeeper plans;
  private final String image;

  Executor(KubernetesClient client, String image) {
    this.client = client;
    this.contents = new ContentKeeper(client);
    this.plans = new PlanKeeper(client);
    this.image = image;
  }

  /**
   * Carries it out and deletes Jobs that are no longer needed.
   *
   * @param jobs as they were observed
   * @return the plan, or with another verdict where the API would not have it
   */
  Plan apply(TuneTrailDatabase resource, Desired desired, Plan plan, JobLooks jobs) {
    try {
      return pruned(resource, jobs, carriedOut(resource, desired, plan, jobs));
    } catch (KubernetesClientException failure) {
      return plan.saying(Forbidden.verdict(failure).orElseThrow(() -> failure));
    }
  }

  private Plan carriedOut(TuneTrailDatabase resource, Desired desired, Plan plan, JobLooks jobs) {
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
    return started(resource, desired, plan, jobs);
  }

  private Plan started(TuneTrailDatabase resource, Desired desired, Plan plan, JobLooks jobs) {
    var work = plan.start();
    if (work == null) {
      return plan;
    }
    var own = live(resource, work.task());
    if (own.stream().anyMatch(job -> unfinished(job) || isNews(resource, job, jobs))) {
      return plan;
    }
    return create(resource, desired, work.withAttempt(nextAttempt(own, work)))
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
    var uid = resource.getMetadata().getUid();
    return client
        .batch()
        .v1()
        .jobs()
        .inNamespace(resource.getMetadata().getNamespace())
        .withLabel(JobLabels.RESOURCE_UID, uid)
        .list()
        .getItems()
        .stream()
        .filter(job -> ObservedJobs.ownedBy(job, uid))
        .filter(job -> !ObservedJobs.isBackup(job))
        .filter(job -> ObservedJobs.isLook(job) == (task == Task.LOOK))
        .toList();
  }

  /**
   * Whether a Job began and ended without the cache having it yet: what another Job saw is older
   * than that.
   */
  private static boolean isNews(TuneTrailDatabase resource, Job job, JobLooks jobs) {
    return resource.getSpec().connection().look() == LookBy.JOB
        && Stream.concat(jobs.works().stream(), jobs.looks().stream())
            .noneMatch(it -> it.name().equals(job.getMetadata().getName()));
  }

  /**
   * The cache may not have it yet; a Job whose container has ended is unfinished here for 2 s more
   * at most.
   */
  private static boolean unfinished(Job job) {
    return job.getStatus() == null
        || job.getStatus().getConditions() == null
        || job.getStatus().getConditions().stream()
            .noneMatch(
                it ->
                    Set.of("Complete", "Failed").contains(it.getType())
                        && it.getStatus().equals("True"));
  }

  private static int nextAttempt(List<Job> own, Work work) {
    return own.stream()
        .filter(
            job -> work.inputs().equals(job.getMetadata().getAnnotations().get(JobLabels.INPUTS)))
        .mapToInt(job -> Integer.parseInt(job.getMetadata().getLabels().get(JobLabels.ATTEMPT)))
        .map(attempt -> attempt + 1)
        .max()
        .orElse(1);
  }

  private Optional<Verdict> create(TuneTrailDatabase resource, Desired desired, Work work) {
    var job = stamped(MigrationJob.of(resource, desired, work, image), resource);
    try {
      client.resource(job).create();
      LOG.info("created Job {}/{}", job.getMetadata().getNamespace(), job.getMetadata().getName());
      return Optional.empty();
    } catch (KubernetesClientException e) {
      if (e.getCode() == CONFLICT) {
        return taken(resource, job);
      }
      if (REFUSED.contains(e.getCode())) {
        return Optional.of(refusal(job, e));
      }
      throw e;
    }
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
  private Optional<Verdict> taken(TuneTrailDatabase resource, Job job) {
    var there = client.resource(job).get();
    if (there == null || ObservedJobs.ownedBy(there, resource.getMetadata().getUid())) {
      return Optional.empty();
    }
    return Optional.of(
        new Verdict(
            Reason.NAME_CONFLICT,
            "a Job %s exists that is not ours".formatted(job.getMetadata().getName())));
  }

  /** A database is no less ready because old Jobs stay; its condition says so all the same. */
  private Plan pruned(TuneTrailDatabase resource, JobLooks jobs, Plan plan) {
    try {
      prune(resource, JobHistory.superfluous(jobs.works()));
      prune(resource, JobHistory.supersededLooks(jobs.looks()));
      pruneUnstarted(resource, jobs.works());
      pruneUnstarted(resource, jobs.looks());
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

  private void pruneUnstarted(TuneTrailDatabase resource, List<ObservedJob> jobs) {
    var superseded = JobHistory.superseded(jobs, resource.getMetadata().getGeneration());
    prune(resource, superseded.stream().filter(it -> neverStarted(resource, it)).toList());
  }

  /** What was observed of its pods may be over by now. */
  private boolean neverStarted(TuneTrailDatabase resource, String job) {
    return client
        .pods()
        .inNamespace(resource.getMetadata().getNamespace())
        .withLabel("batch.kubernetes.io/job-name", job)
        .list()
        .getItems()
        .stream()
        .allMatch(pod -> pod.getStatus() == null || "Pending".equals(pod.getStatus().getPhase()));
  }

  /** Deletes Jobs by name, with their pods. */
  private void prune(TuneTrailDatabase resource, List<String> jobs) {
    for (var name : jobs) {
      client
          .batch()
          .v1()
          .jobs()
          .inNamespace(resource.getMetadata().getNamespace())
          .withName(name)
          .withPropagationPolicy(DeletionPropagation.BACKGROUND)
          .delete();
    }
  }
}
