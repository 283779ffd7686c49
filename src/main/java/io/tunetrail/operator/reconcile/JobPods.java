package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.migration.MigrationJob;
import java.util.Optional;
import java.util.stream.Stream;

/** The pods of a Job and what they said, read live. */
record JobPods(KubernetesClient client) {
  private static final int NOT_FOUND = 404;

  /** Empty where the Job is gone. */
  Stream<Pod> of(String namespace, String jobName) {
    var job = client.batch().v1().jobs().inNamespace(namespace).withName(jobName).get();
    return job == null ? Stream.empty() : of(job);
  }

  /** Not those of an earlier Job of this name, which may outlive it for a while. */
  Stream<Pod> of(Job job) {
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

  /** Of the container that does the work; empty where the pod is gone. */
  Optional<String> log(Pod pod) {
    return log(pod, MigrationJob.CONTAINER);
  }

  /** Of a container; empty where the pod is gone. */
  Optional<String> log(Pod pod, String container) {
    try {
      return Optional.of(client.pods().resource(pod).inContainer(container).getLog());
    } catch (KubernetesClientException e) {
      if (e.getCode() == NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
