package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
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

  /** How keeping it went. */
  enum Kept {
    DONE,
    /** The log is not there or not whole, so that the image must be asked once more. */
    NOT_TOLD,
    /** Somebody else's ConfigMap has the name. */
    NAME_TAKEN
  }

  /** Reads the log of an ended inspect Job and writes the ConfigMap. */
  Kept keep(TuneTrailDatabase resource, AlembicSettings settings, String job) {
    var pod = pod(resource.getMetadata().getNamespace(), job);
    var graph = pod.flatMap(this::told);
    return graph.isEmpty()
        ? Kept.NOT_TOLD
        : write(
            resource,
            KeptRevisions.of(
                resource, settings, graph.get(), pod.map(RevisionKeeper::imageId).orElse(null)));
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

  /** It can't be edited, so that one of ours which is there already says the same. */
  private Kept write(TuneTrailDatabase resource, ConfigMap kept) {
    var there = client.resource(kept).get();
    if (there == null) {
      client.resource(kept).create();
      forgetOthers(resource, kept);
      return Kept.DONE;
    }
    return KeptRevisions.read(there, resource.getMetadata().getUid()).isPresent()
        ? Kept.DONE
        : Kept.NAME_TAKEN;
  }

  private void forgetOthers(TuneTrailDatabase resource, ConfigMap kept) {
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
