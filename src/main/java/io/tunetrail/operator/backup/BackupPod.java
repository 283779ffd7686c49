package io.tunetrail.operator.backup;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import java.util.List;

/** What lets the pod of a work reach the place of backups. */
final class BackupPod {
  private static final String VOLUME = "backup";
  private static final String MOUNT = "/backup";

  private BackupPod() {}

  /** The place, as a pod of {@link #reaching} is told it. */
  static StoreOrder order(BackupPlace place, String resource) {
    return switch (place) {
      case BackupPlace.Volume volume ->
          new StoreOrder(volume.location(resource), MOUNT + "/" + volume.folder(resource));
    };
  }

  /**
   * The template with what its containers need.
   *
   * @param variables of each container, besides
   */
  static PodTemplateSpec reaching(
      PodTemplateSpec template, BackupPlace place, List<EnvVar> variables) {
    var containers =
        template.getSpec().getContainers().stream()
            .map(it -> reaching(it, place, variables))
            .toList();
    var edited = new PodTemplateSpecBuilder(template).editSpec().withContainers(containers);
    return switch (place) {
      case BackupPlace.Volume volume ->
          edited
              .addNewVolume()
              .withName(VOLUME)
              .withNewPersistentVolumeClaim()
              .withClaimName(volume.claim())
              .endPersistentVolumeClaim()
              .endVolume()
              .endSpec()
              .build();
    };
  }

  private static Container reaching(
      Container container, BackupPlace place, List<EnvVar> variables) {
    var builder = new ContainerBuilder(container).addAllToEnv(variables);
    return switch (place) {
      case BackupPlace.Volume _ ->
          builder
              .addNewVolumeMount()
              .withName(VOLUME)
              .withMountPath(MOUNT)
              .endVolumeMount()
              .build();
    };
  }
}
