package io.tunetrail.operator.embedded;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapProjection;
import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretProjection;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The volumes of a pod as folders: ConfigMaps, Secrets, projections of both, and empty folders. */
record PodVolumes(KubernetesClient client, String namespace) {

  /** A volume can't be mounted yet; the message is the kubelet's. */
  static final class NotMounted extends Exception {
    private static final long serialVersionUID = 1;

    NotMounted(String volume, String cause) {
      super("MountVolume.SetUp failed for volume \"" + volume + "\" : " + cause);
    }
  }

  /** The volume's files as they are now. */
  Map<String, byte[]> read(Volume volume) throws NotMounted {
    var files = new TreeMap<String, byte[]>();
    if (volume.getConfigMap() != null) {
      files.putAll(files(volume.getName(), volume.getConfigMap()));
    } else if (volume.getSecret() != null) {
      files.putAll(files(volume.getName(), volume.getSecret()));
    } else if (volume.getProjected() != null) {
      for (var source : volume.getProjected().getSources()) {
        files.putAll(files(volume.getName(), source));
      }
    } else if (volume.getEmptyDir() == null) {
      throw new IllegalArgumentException("volume of a kind not known here: " + volume);
    }
    return files;
  }

  /** Makes the folder and writes files into it. */
  static void materialise(Map<String, byte[]> files, Path folder) throws IOException {
    Files.createDirectories(folder);
    write(files, folder);
  }

  /** Removes a folder with all in it, where it exists. */
  static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (var content = Files.walk(folder)) {
      for (var path : content.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private Map<String, byte[]> files(String volume, ConfigMapVolumeSource source) throws NotMounted {
    return configMap(volume, source.getName(), source.getOptional(), source.getItems());
  }

  private Map<String, byte[]> files(String volume, SecretVolumeSource source) throws NotMounted {
    return secret(volume, source.getSecretName(), source.getOptional(), source.getItems());
  }

  private Map<String, byte[]> files(String volume, VolumeProjection source) throws NotMounted {
    ConfigMapProjection configMap = source.getConfigMap();
    if (configMap != null) {
      return configMap(volume, configMap.getName(), configMap.getOptional(), configMap.getItems());
    }
    SecretProjection secret = source.getSecret();
    if (secret != null) {
      return secret(volume, secret.getName(), secret.getOptional(), secret.getItems());
    }
    throw new IllegalArgumentException("projection of a kind not known here: " + source);
  }

  private Map<String, byte[]> configMap(
      String volume, String name, @Nullable Boolean optional, List<KeyToPath> items)
      throws NotMounted {
    ConfigMap found = client.configMaps().inNamespace(namespace).withName(name).get();
    var data = new HashMap<String, byte[]>();
    if (found != null) {
      found.getData().forEach((key, text) -> data.put(key, text.getBytes(StandardCharsets.UTF_8)));
      found.getBinaryData().forEach((key, text) -> data.put(key, Base64.getDecoder().decode(text)));
    }
    return chosen(volume, "configmap", name, found != null, optional, items, data);
  }

  private Map<String, byte[]> secret(
      String volume, String name, @Nullable Boolean optional, List<KeyToPath> items)
      throws NotMounted {
    Secret found = client.secrets().inNamespace(namespace).withName(name).get();
    var data = new HashMap<String, byte[]>();
    if (found != null) {
      found.getData().forEach((key, text) -> data.put(key, Base64.getDecoder().decode(text)));
    }
    return chosen(volume, "secret", name, found != null, optional, items, data);
  }

  private Map<String, byte[]> chosen(
      String volume,
      String kind,
      String name,
      boolean found,
      @Nullable Boolean optional,
      List<KeyToPath> items,
      Map<String, byte[]> data)
      throws NotMounted {
    boolean required = !requireNonNullElse(optional, false);
    if (!found && required) {
      throw new NotMounted(volume, kind + " \"" + name + "\" not found");
    }
    if (items.isEmpty()) {
      return data;
    }
    var chosen = new HashMap<String, byte[]>();
    for (var item : items) {
      var bytes = data.get(item.getKey());
      if (bytes != null) {
        chosen.put(item.getPath(), bytes);
      } else if (required) {
        throw new NotMounted(volume, "references non-existent " + kind + " key: " + item.getKey());
      }
    }
    return chosen;
  }

  /**
   * Through links, as the kubelet writes them, so that a program which follows hidden folders finds
   * files twice.
   */
  private static void write(Map<String, byte[]> files, Path folder) throws IOException {
    boolean mountedBefore = Files.exists(folder.resolve("..data"));
    if (files.isEmpty() || mountedBefore) {
      return;
    }
    var dated = Files.createTempDirectory(folder, "..");
    Files.createSymbolicLink(folder.resolve("..data"), dated.getFileName());
    for (var file : files.entrySet()) {
      var target = dated.resolve(file.getKey());
      Files.createDirectories(target.getParent());
      Files.write(target, file.getValue());
      var first = Path.of(file.getKey()).getName(0);
      if (!Files.isSymbolicLink(folder.resolve(first))) {
        Files.createSymbolicLink(folder.resolve(first), Path.of("..data").resolve(first));
      }
    }
  }
}
