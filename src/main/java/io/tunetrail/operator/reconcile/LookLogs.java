package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.lifecycle.JobLooks.Told;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.migration.LookFrame;
import io.tunetrail.operator.migration.MigrationJob;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads once what each look Job told; after a restart once more, for the Job is kept. */
final class LookLogs {
  private static final int NOT_FOUND = 404;
  private static final int SERVER_ERROR = 500;

  private final KubernetesClient client;
  private final Map<String, Told> told = new ConcurrentHashMap<>();

  LookLogs(KubernetesClient client) {
    this.client = client;
  }

  /** What this ended Job of the resource told. */
  Told told(TuneTrailDatabase resource, ObservedJob job) {
    var uid = resource.getMetadata().getUid();
    var known = told.get(uid);
    if (known != null && known.job().equals(job)) {
      return known;
    }
    var news = Told.after(known, job, read(resource, job).orElse(null));
    told.put(uid, news);
    return news;
  }

  /** Forgets what was told of resources that are gone. */
  void keepOnly(Collection<TuneTrailDatabase> all) {
    told.keySet()
        .retainAll(all.stream().map(it -> it.getMetadata().getUid()).collect(Collectors.toSet()));
  }

  private Optional<Look.Taken> read(TuneTrailDatabase resource, ObservedJob ended) {
    var namespace = resource.getMetadata().getNamespace();
    var job = client.batch().v1().jobs().inNamespace(namespace).withName(ended.name()).get();
    return job == null
        ? Optional.empty()
        : pods(job).flatMap(pod -> read(pod).stream()).findFirst();
  }

  /** Not those of an earlier Job of this name, which may outlive it for a while. */
  private Stream<Pod> pods(Job job) {
    return client
        .pods()
        .inNamespace(job.getMetadata().getNamespace())
        .withLabel("batch.kubernetes.io/job-name", job.getMetadata().getName())
        .list()
        .getItems()
        .stream()
        .filter(
            pod ->
                pod.getMetadata().getOwnerReferences().stream()
                    .anyMatch(it -> it.getUid().equals(job.getMetadata().getUid())));
  }

  /** A log that went with its node is none; another Job can look. */
  private Optional<Look.Taken> read(Pod pod) {
    try {
      return LookFrame.parse(
          client.pods().resource(pod).inContainer(MigrationJob.CONTAINER).getLog());
    } catch (KubernetesClientException e) {
      if (e.getCode() == NOT_FOUND || e.getCode() >= SERVER_ERROR) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
