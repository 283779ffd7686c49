package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.lifecycle.JobLooks.Told;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.migration.LookFrame;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Reads once what each look Job told; after a restart once more, for the Job is kept. */
final class LookLogs {
  private static final int SERVER_ERROR = 500;

  private final JobPods pods;
  private final Map<String, Told> told = new ConcurrentHashMap<>();

  LookLogs(KubernetesClient client) {
    this.pods = new JobPods(client);
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
    if (told.isEmpty()) {
      return; // as where no resource looks by Jobs, and this is asked at each reconcile
    }
    told.keySet()
        .retainAll(all.stream().map(it -> it.getMetadata().getUid()).collect(Collectors.toSet()));
  }

  private Optional<Look.Taken> read(TuneTrailDatabase resource, ObservedJob ended) {
    return pods.of(resource.getMetadata().getNamespace(), ended.name())
        .flatMap(pod -> log(pod).flatMap(LookFrame::parse).stream())
        .findFirst();
  }

  /** A log that went with its node is none; another Job can look. */
  private Optional<String> log(Pod pod) {
    try {
      return pods.log(pod);
    } catch (KubernetesClientException e) {
      if (e.getCode() >= SERVER_ERROR) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
