package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.tunetrail.operator.lifecycle.ObservedJob.Blocked;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.ObservedJob.Running;
import io.tunetrail.operator.lifecycle.ObservedJob.State;
import io.tunetrail.operator.migration.MigrationJob;
import io.tunetrail.operator.migration.ObservedJobs;
import io.tunetrail.operator.migration.Outcome;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A Job from its creation to the end of its work; it is kept for an hour when it fails. */
final class JobRun {
  private final Cluster cluster;
  private final Job job;
  private final PrintWriter progress;

  private JobRun(Cluster cluster, Job job, PrintWriter progress) {
    this.cluster = cluster;
    this.job = job;
    this.progress = progress;
  }

  /**
   * How it ended.
   *
   * @param outcome of the work
   * @param detail what happened, for the person; empty when it is done
   * @param log the program's
   */
  record End(Outcome outcome, String detail, String log) {}

  /** Creates it and waits for its end; {@code progress} is told what it waits for. */
  static End of(Cluster cluster, Job job, Duration timeout, PrintWriter progress)
      throws CommandFailure {
    var created = cluster.client().resource(job).create();
    return new JobRun(cluster, created, progress).end(timeout);
  }

  private End end(Duration timeout) throws CommandFailure {
    progress.println("Job " + name());
    return new Polling(timeout, progress::println).until(this::ended, _ -> late(timeout));
  }

  /** Empty while it works. */
  private Optional<End> ended(Consumer<String> waiting) {
    var pods = pods();
    return switch (state(pods)) {
      case Ended ended -> Optional.of(ended(ended, pods));
      case Blocked blocked -> {
        waiting.accept("waiting: " + blocked.detail());
        yield Optional.empty();
      }
      case Running _ -> Optional.empty();
    };
  }

  private CommandFailure late(Duration timeout) {
    return new CommandFailure(
        "Job %1$s is not done after %2$d s; look at it by kubectl describe job,pods --selector=batch.kubernetes.io/job-name=%1$s --namespace=%3$s, or wait longer by --timeout"
            .formatted(name(), timeout.toSeconds(), cluster.namespace()));
  }

  private State state(List<Pod> pods) {
    var live = cluster.client().resource(job).get();
    var owner = job.getMetadata().getOwnerReferences().getFirst().getUid();
    return ObservedJobs.of(owner, List.of(live == null ? job : live), pods).getFirst().state();
  }

  private List<Pod> pods() {
    return cluster
        .client()
        .pods()
        .inNamespace(cluster.namespace())
        .withLabel("batch.kubernetes.io/job-name", name())
        .list()
        .getItems();
  }

  private End ended(Ended ended, List<Pod> pods) {
    var log = pods.isEmpty() ? "" : log(pods.getLast());
    var report = ended.report();
    var detail = report == null ? ended.detail() : report.message();
    if (ended.outcome() == Outcome.DONE || ended.outcome() == Outcome.SCHEMA_DIFFERS) {
      delete();
    }
    return new End(ended.outcome(), detail == null ? "" : detail, log);
  }

  private String log(Pod pod) {
    return cluster.client().pods().resource(pod).inContainer(MigrationJob.CONTAINER).getLog();
  }

  private void delete() {
    cluster.client().resource(job).withPropagationPolicy(DeletionPropagation.BACKGROUND).delete();
  }

  /** Where the program's own words are, as long as the Job is kept. */
  static String logsOf(Job job, String namespace) {
    return "kubectl logs job/%s --container=%s --namespace=%s"
        .formatted(job.getMetadata().getName(), MigrationJob.CONTAINER, namespace);
  }

  private String name() {
    return job.getMetadata().getName();
  }
}
