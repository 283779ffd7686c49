package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.engine.RevisionFrame;
import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.migration.KeptRevisions;
import io.tunetrail.operator.migration.MigrationJob;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps what an image told of its revisions, and only of the image that the spec names now. */
final class RevisionKeeper {
  private final KubernetesClient client;

  RevisionKeeper(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Reads the log of an ended inspect Job and writes the ConfigMap; false when the log is not there
   * or not whole, so that the image must be asked once more.
   */
  boolean keep(TuneTrailDatabase resource, AlembicSettings settings, String job) {
    var pod = pod(resource.getMetadata().getNamespace(), job);
    var graph = pod.flatMap(this::told);
    graph.ifPresent(
        it -> write(resource, settings, it, pod.map(RevisionKeeper::imageId).orElse(null)));
    return graph.isPresent();
  }

  private Optional<Pod> pod(String namespace, String job) {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel("batch.kubernetes.io/job-name", job)
        .list()
        .getItems()
        .stream()
        .findFirst();
  }

  private Optional<RevisionGraph> told(Pod pod) {
    try {
      return RevisionFrame.parse(
          client.pods().resource(pod).inContainer(MigrationJob.CONTAINER).getLog());
    } catch (KubernetesClientException e) {
      if (e.getCode() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static @Nullable String imageId(Pod pod) {
    return pod.getStatus().getContainerStatuses().stream()
        .filter(it -> it.getName().equals(MigrationJob.CONTAINER))
        .map(ContainerStatus::getImageID)
        .findFirst()
        .orElse(null);
  }

  private void write(
      TuneTrailDatabase resource,
      AlembicSettings settings,
      RevisionGraph graph,
      @Nullable String imageId) {
    var kept = KeptRevisions.of(resource, settings, graph, imageId);
    client.resource(kept).createOr(existing -> existing.update());
    client
        .configMaps()
        .inNamespace(resource.getMetadata().getNamespace())
        .withLabel(JobLabels.RESOURCE_UID, resource.getMetadata().getUid())
        .list()
        .getItems()
        .stream()
        .filter(it -> !it.getMetadata().getName().equals(kept.getMetadata().getName()))
        .forEach(it -> client.resource(it).delete());
  }
}
