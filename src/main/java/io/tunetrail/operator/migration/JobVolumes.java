package io.tunetrail.operator.migration;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.tunetrail.operator.api.ConnectionSpec;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.engine.ImageSource.Holds;
import io.tunetrail.operator.engine.ScriptImage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator's own container finds mounted, as {@link WorkOrder#MOUNTS_VARIABLE} lays it
 * out.
 *
 * @param connection null where no database is met
 * @param scratch null: none is named
 * @param configMaps that hold the SQL, in order
 * @param image that holds it instead; null for ConfigMaps
 * @param kept what an image told, where that is read; null where nothing is
 */
record JobVolumes(
    @Nullable ConnectionSpec connection,
    @Nullable ConnectionSpec scratch,
    List<LocalReference> configMaps,
    @Nullable ScriptImage image,
    @Nullable Kept kept) {
  static final String FOLDER = "/etc/tunetrail";

  /** Where an image's scripts are copied to, or the image is mounted. */
  static final String IMAGE_FOLDER = FOLDER + "/" + Mounts.IMAGE;

  static final String SCRIPTS = "scripts";

  /** The ConfigMap that keeps what an image told. */
  record Kept(String configMap, Holds holds) {}

  /** The volumes and where each stands under {@link #FOLDER}. */
  private record Mounted(Volume volume, String path) {}

  List<Volume> volumes() {
    var volumes = new ArrayList<Volume>();
    volumes.add(empty("tmp"));
    mounted().forEach(it -> volumes.add(it.volume()));
    if (image != null) {
      volumes.add(image.mounted() ? image(image) : empty(SCRIPTS));
    }
    return volumes;
  }

  List<VolumeMount> mounts() {
    var mounts = new ArrayList<VolumeMount>();
    mounts.add(mount("tmp", "/tmp", false));
    mounted()
        .forEach(it -> mounts.add(mount(it.volume().getName(), FOLDER + "/" + it.path(), true)));
    if (image != null) {
      mounts.add(mount(SCRIPTS, IMAGE_FOLDER, true));
    }
    return mounts;
  }

  private List<Mounted> mounted() {
    var mounted = new ArrayList<Mounted>();
    if (connection != null) {
      connection(mounted, connection, "");
    }
    if (scratch != null) {
      connection(mounted, scratch, "scratch-");
    }
    for (int source = 0; source < configMaps.size(); source++) {
      mounted.add(
          new Mounted(configMap("sql-" + source, configMaps.get(source).name()), "sql/" + source));
    }
    if (kept != null) {
      var name = kept.holds().toString();
      mounted.add(new Mounted(configMap(name, kept.configMap()), name));
    }
    return mounted;
  }

  private static void connection(List<Mounted> mounted, ConnectionSpec connection, String prefix) {
    mounted.add(
        new Mounted(secret(prefix + "secret", connection.secretRef().name()), prefix + "secret"));
    if (connection.caRef() != null) {
      mounted.add(
          new Mounted(AuthorityVolume.of(prefix + "ca", connection.caRef()), prefix + "ca"));
    }
    if (connection.clientCertificateRef() != null) {
      var volume = prefix + Mounts.CLIENT_CERTIFICATE;
      mounted.add(new Mounted(secret(volume, connection.clientCertificateRef().name()), volume));
    }
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

  private static Volume image(ScriptImage image) {
    return new VolumeBuilder()
        .withName(SCRIPTS)
        .withNewImage()
        .withReference(image.image())
        .withPullPolicy("IfNotPresent")
        .endImage()
        .build();
  }

  static Volume empty(String volume) {
    return new VolumeBuilder().withName(volume).withNewEmptyDir().endEmptyDir().build();
  }

  static VolumeMount mount(String volume, String path, boolean readOnly) {
    return new VolumeMountBuilder()
        .withName(volume)
        .withMountPath(path)
        .withReadOnly(readOnly ? Boolean.TRUE : null)
        .build();
  }
}
