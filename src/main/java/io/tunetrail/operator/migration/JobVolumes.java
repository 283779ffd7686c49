package io.tunetrail.operator.migration;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.tunetrail.operator.api.CertificateAuthorityReference;
import io.tunetrail.operator.api.ConnectionSpec;
import io.tunetrail.operator.api.LocalReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a Job's pod finds mounted, as {@link WorkOrder#MOUNTS_VARIABLE} lays it out.
 *
 * @param configMaps that hold the SQL, in order
 */
record JobVolumes(ConnectionSpec connection, List<LocalReference> configMaps) {
  static final String FOLDER = "/etc/tunetrail";

  List<Volume> volumes() {
    var volumes = new ArrayList<Volume>();
    volumes.add(new VolumeBuilder().withName("tmp").withNewEmptyDir().endEmptyDir().build());
    volumes.add(secret("secret", connection.secretRef().name()));
    var authority = connection.caRef();
    if (authority != null) {
      volumes.add(authority(authority));
    }
    for (int source = 0; source < configMaps.size(); source++) {
      volumes.add(configMap("sql-" + source, configMaps.get(source).name()));
    }
    return volumes;
  }

  private static Volume authority(CertificateAuthorityReference authority) {
    if (authority.configMap() != null) {
      return new VolumeBuilder()
          .withName("ca")
          .withNewConfigMap()
          .withName(authority.configMap().name())
          .addNewItem()
          .withKey(authority.configMap().key())
          .withPath("ca.crt")
          .endItem()
          .endConfigMap()
          .build();
    }
    var secret = Objects.requireNonNull(authority.secret());
    return new VolumeBuilder()
        .withName("ca")
        .withNewSecret()
        .withSecretName(secret.name())
        .addNewItem()
        .withKey(secret.key())
        .withPath("ca.crt")
        .endItem()
        .endSecret()
        .build();
  }

  private static Volume secret(String volume, String name) {
    return new VolumeBuilder()
        .withName(volume)
        .withNewSecret()
        .withSecretName(name)
        .withDefaultMode(0440)
        .endSecret()
        .build();
  }

  private static Volume configMap(String volume, String name) {
    return new VolumeBuilder()
        .withName(volume)
        .withNewConfigMap()
        .withName(name)
        .endConfigMap()
        .build();
  }

  List<VolumeMount> mounts() {
    var mounts = new ArrayList<VolumeMount>();
    mounts.add(new VolumeMountBuilder().withName("tmp").withMountPath("/tmp").build());
    mounts.add(mount("secret", "secret"));
    if (connection.caRef() != null) {
      mounts.add(mount("ca", "ca"));
    }
    for (int source = 0; source < configMaps.size(); source++) {
      mounts.add(mount("sql-" + source, "sql/" + source));
    }
    return mounts;
  }

  private static VolumeMount mount(String volume, String path) {
    return new VolumeMountBuilder()
        .withName(volume)
        .withMountPath(FOLDER + "/" + path)
        .withReadOnly(true)
        .build();
  }
}
