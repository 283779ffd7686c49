package io.tunetrail.operator.backup;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.tunetrail.operator.api.BackupWorkspaceSpec;
import io.tunetrail.operator.api.CertificateAuthorityReference;
import io.tunetrail.operator.migration.AuthorityVolume;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What lets the pod of a work reach the place of backups. */
final class BackupPod {
  private static final String VOLUME = "backup";
  private static final String MOUNT = "/backup";
  private static final String CREDENTIALS = "backup-credentials";
  private static final String AUTHORITY = "backup-ca";
  private static final String KEYS = "backup-keys";
  private static final String SECRETS = "/etc/tunetrail/";
  private static final String WORKSPACE = "workspace";
  private static final String WORKSPACE_MOUNT = "/workspace";

  /** The runner with both compilers: C1's code hashes and encrypts a tenth of what C2's does. */
  private static final List<String> COMMAND =
      List.of("/opt/java/bin/java", "@/opt/tunetrail/archiver");

  private BackupPod() {}

  /** A volume and where it is mounted. */
  private record Mounted(Volume volume, String path, boolean readOnly) {

    VolumeMount mount() {
      return new VolumeMountBuilder()
          .withName(volume.getName())
          .withMountPath(path)
          .withReadOnly(readOnly ? Boolean.TRUE : null)
          .build();
    }
  }

  /** The place, as a pod of {@link #reaching} is told it. */
  static StoreOrder order(BackupPlace place, String resource) {
    return switch (place) {
      case BackupPlace.Volume volume ->
          new StoreOrder(volume.location(resource), MOUNT + "/" + volume.folder(resource));
      case BackupPlace.Bucket bucket ->
          new StoreOrder(bucket.location(resource), null, order(bucket, resource), null, null);
    };
  }

  /** The place, and how what is in it is made and opened. */
  static StoreOrder order(DesiredBackup.Scheduled backup, String resource) {
    var secret = backup.encryption();
    return order(backup.place(), resource)
        .with(
            secret == null ? null : new KeysOrder(secret, SECRETS + KEYS),
            parallel(backup.parallel()));
  }

  private static @Nullable ParallelOrder parallel(DesiredBackup.@Nullable Parallel parallel) {
    return parallel == null
        ? null
        : new ParallelOrder(parallel.jobs(), parallel.workspace() == null ? null : WORKSPACE_MOUNT);
  }

  private static S3Order order(BackupPlace.Bucket bucket, String resource) {
    var secret = bucket.credentials();
    return new S3Order(
        bucket.name(),
        bucket.prefix(resource),
        bucket.region(),
        bucket.endpoint(),
        bucket.pathStyle(),
        bucket.authority() == null ? null : SECRETS + AUTHORITY + "/" + AuthorityVolume.FILE,
        secret == null ? null : new S3Order.Credentials(secret, SECRETS + CREDENTIALS));
  }

  /**
   * The template with what its containers need.
   *
   * @param keys which of the Secret that encrypts archives: no pod has one that it does not need
   * @param variables of each container, besides
   */
  static PodTemplateSpec reaching(
      PodTemplateSpec template,
      DesiredBackup.Scheduled backup,
      List<String> keys,
      List<EnvVar> variables) {
    var mounted = mounted(backup, keys);
    var containers =
        template.getSpec().getContainers().stream()
            .map(it -> reaching(it, mounted, variables))
            .toList();
    return new PodTemplateSpecBuilder(template)
        .editSpec()
        .withContainers(containers)
        .addAllToVolumes(mounted.stream().map(Mounted::volume).toList())
        .endSpec()
        .build();
  }

  private static Container reaching(
      Container container, List<Mounted> mounted, List<EnvVar> variables) {
    return new ContainerBuilder(container)
        .withCommand(COMMAND)
        .addAllToEnv(variables)
        .addAllToVolumeMounts(mounted.stream().map(Mounted::mount).toList())
        .build();
  }

  private static List<Mounted> mounted(DesiredBackup.Scheduled backup, List<String> keys) {
    var mounted = new ArrayList<>(mounted(backup.place()));
    if (backup.encryption() != null) {
      mounted.add(new Mounted(keys(backup.encryption(), keys), SECRETS + KEYS, true));
    }
    if (backup.parallel() != null && backup.parallel().workspace() != null) {
      mounted.add(new Mounted(workspace(backup.parallel().workspace()), WORKSPACE_MOUNT, false));
    }
    return mounted;
  }

  private static List<Mounted> mounted(BackupPlace place) {
    return switch (place) {
      case BackupPlace.Volume volume -> List.of(new Mounted(claim(volume.claim()), MOUNT, false));
      case BackupPlace.Bucket bucket -> mounted(bucket.credentials(), bucket.authority());
    };
  }

  /** Optional, so that a pod starts and says what is missing. */
  private static List<Mounted> mounted(
      @Nullable String secret, @Nullable CertificateAuthorityReference authority) {
    var mounted = new ArrayList<Mounted>();
    if (secret != null) {
      mounted.add(new Mounted(secret(secret), SECRETS + CREDENTIALS, true));
    }
    if (authority != null) {
      var volume = optional(AuthorityVolume.of(AUTHORITY, authority));
      mounted.add(new Mounted(volume, SECRETS + AUTHORITY, true));
    }
    return mounted;
  }

  private static Volume claim(String name) {
    return new VolumeBuilder()
        .withName(VOLUME)
        .withNewPersistentVolumeClaim()
        .withClaimName(name)
        .endPersistentVolumeClaim()
        .build();
  }

  /** One that goes with the pod, whatever becomes of it. */
  private static Volume workspace(BackupWorkspaceSpec workspace) {
    return new VolumeBuilder()
        .withName(WORKSPACE)
        .withNewEphemeral()
        .withNewVolumeClaimTemplate()
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .withStorageClassName(workspace.storageClassName())
        .withNewResources()
        .addToRequests("storage", new Quantity(workspace.storage()))
        .endResources()
        .endSpec()
        .endVolumeClaimTemplate()
        .endEphemeral()
        .build();
  }

  private static Volume secret(String name) {
    return new VolumeBuilder()
        .withName(CREDENTIALS)
        .withNewSecret()
        .withSecretName(name)
        .withDefaultMode(0440)
        .withOptional(true)
        .endSecret()
        .build();
  }

  private static Volume keys(String name, List<String> keys) {
    return new VolumeBuilder()
        .withName(KEYS)
        .withNewSecret()
        .withSecretName(name)
        .withItems(keys.stream().map(it -> new KeyToPath(it, null, it)).toList())
        .withDefaultMode(0440)
        .withOptional(true)
        .endSecret()
        .build();
  }

  private static Volume optional(Volume volume) {
    return volume.getSecret() == null
        ? new VolumeBuilder(volume).editConfigMap().withOptional(true).endConfigMap().build()
        : new VolumeBuilder(volume).editSecret().withOptional(true).endSecret().build();
  }
}
