package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.engine.ImageContent;
import io.tunetrail.operator.engine.ImageSource;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.migration.KeptContent;
import io.tunetrail.operator.migration.KeptPlan;
import io.tunetrail.operator.migration.MigrationJob;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what an image told of the migrations in it, and only of the image that the spec names now.
 */
final class ContentKeeper {
  private final KubernetesClient client;
  private final JobPods pods;
  private final KeptConfigMaps maps;

  ContentKeeper(KubernetesClient client) {
    this.client = client;
    this.maps = new KeptConfigMaps(client, it -> !KeptPlan.isPlan(it));
    this.pods = new JobPods(client);
  }

  /** One of an ended inspect Job's pods, and what it told. */
  private record Told(Pod pod, ImageContent content) {}

  /** Reads the log of an ended inspect Job and writes the ConfigMap. */
  Kept keep(TuneTrailDatabase resource, ImageSource source, String name) {
    var namespace = resource.getMetadata().getNamespace();
    var job = client.batch().v1().jobs().inNamespace(namespace).withName(name).get();
    var told =
        job == null
            ? Optional.<Told>empty()
            : pods.of(job).flatMap(it -> told(it, source)).findFirst();
    return told.isEmpty()
        ? new Kept.NotTold()
        : maps.replaceBy(
            resource,
            List.of(
                KeptContent.of(
                    resource,
                    source,
                    told.get().content(),
                    imageId(told.get().pod(), source),
                    job.getMetadata().getAnnotations().getOrDefault(JobLabels.INPUTS, ""))));
  }

  private Stream<Told> told(Pod pod, ImageSource source) {
    return pods
        .log(pod)
        .flatMap(source.holds()::told)
        .map(content -> new Told(pod, content))
        .stream();
  }

  /** Of the container that has the image; null where the node mounts it as a volume. */
  private static @Nullable String imageId(Pod pod, ImageSource source) {
    return Stream.concat(
            pod.getStatus().getContainerStatuses().stream(),
            pod.getStatus().getInitContainerStatuses().stream())
        .filter(it -> it.getName().equals(MigrationJob.containerOf(source)))
        .map(ContainerStatus::getImageID)
        .findFirst()
        .orElse(null);
  }
}
