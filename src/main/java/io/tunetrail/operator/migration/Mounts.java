package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.ClientCertificate;
import io.tunetrail.operator.database.InvalidScripts;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.ImageSource.Holds;
import io.tunetrail.operator.engine.ScriptFile;
import io.tunetrail.operator.engine.ScriptSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What Kubernetes has mounted into the pod: Secrets, certificates and scripts.
 *
 * @param root see {@link WorkOrder#MOUNTS_VARIABLE}
 * @param folder see {@link WorkOrder#SCRIPTS_VARIABLE}; empty: none
 */
public record Mounts(Path root, Path folder) {
  static final String CLIENT_CERTIFICATE = "client-certificate";

  /** The folder with an image's scripts, or with the image. */
  static final String IMAGE = "image";

  /** The Secret's keys. */
  public Map<String, String> secret() throws IOException {
    return texts(root.resolve("secret"));
  }

  /** The certificates that may sign the server's; null where none are given. */
  public @Nullable String caPem() throws IOException {
    return authority("ca");
  }

  /** The keys of the scratch server's Secret. */
  public Map<String, String> scratchSecret() throws IOException {
    return texts(root.resolve("scratch-secret"));
  }

  /** The certificates that may sign the scratch server's; null where none are given. */
  public @Nullable String scratchCaPem() throws IOException {
    return authority("scratch-ca");
  }

  /** What the image told of its revisions; null where it is not mounted. */
  public @Nullable String revisions() throws IOException {
    return told(Holds.REVISIONS);
  }

  /** What the image told of its scripts; null where it is not mounted. */
  @Nullable String listing() throws IOException {
    return told(Holds.SCRIPTS);
  }

  private @Nullable String told(Holds holds) throws IOException {
    var file = root.resolve(holds.toString()).resolve(holds.file());
    return Files.exists(file) ? Files.readString(file) : null;
  }

  /** What the client shows a server that asks for a certificate; null where none is given. */
  public @Nullable ClientCertificate clientCertificate() throws IOException {
    return clientCertificate(root.resolve(CLIENT_CERTIFICATE));
  }

  /** What the client shows the scratch server; null where none is given. */
  public @Nullable ClientCertificate scratchClientCertificate() throws IOException {
    return clientCertificate(root.resolve("scratch-" + CLIENT_CERTIFICATE));
  }

  private static @Nullable ClientCertificate clientCertificate(Path folder) throws IOException {
    var certificate = folder.resolve(ClientCertificate.CERTIFICATE);
    var key = folder.resolve(ClientCertificate.KEY);
    return Files.exists(certificate) && Files.exists(key)
        ? new ClientCertificate(Files.readString(certificate), Files.readString(key))
        : null;
  }

  private @Nullable String authority(String folder) throws IOException {
    var file = root.resolve(folder).resolve("ca.crt");
    return Files.exists(file) ? Files.readString(file) : null;
  }

  /**
   * The files of all ConfigMaps in their order, or those of an image.
   *
   * @param flyway by which an image's files are told apart; null for other engines
   */
  ScriptSet scripts(@Nullable FlywaySettings flyway) throws IOException, InvalidScripts {
    var image = root.resolve(IMAGE);
    return flyway != null && Files.isDirectory(image)
        ? new ImageFolder(within(image), flyway).scripts()
        : ofConfigMaps();
  }

  /** A link may lead to another folder of the image, and not to what is mounted beside it. */
  private Path within(Path image) throws IOException, InvalidScripts {
    var named = image.resolve(folder);
    if (!Files.isDirectory(named) || !named.toRealPath().startsWith(image.toRealPath())) {
      throw new InvalidScripts("the image has no folder /" + folder);
    }
    return named.toRealPath();
  }

  /** The files of all ConfigMaps in their order. */
  ScriptSet ofConfigMaps() throws IOException {
    var files = new ArrayList<ScriptFile>();
    for (int source = 0; Files.isDirectory(configMap(source)); source++) {
      for (var text : texts(configMap(source)).entrySet()) {
        files.add(new ScriptFile(source, text.getKey(), text.getValue()));
      }
    }
    return new ScriptSet(files);
  }

  private Path configMap(int source) {
    return root.resolve("sql").resolve(Integer.toString(source));
  }

  private static Map<String, String> texts(Path folder) throws IOException {
    var texts = new TreeMap<String, String>();
    for (var file : keys(folder)) {
      texts.put(
          file.getFileName().toString(),
          new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    }
    return texts;
  }

  /** Without the kubelet's own entries, such as ..data. */
  private static List<Path> keys(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var entries = Files.list(folder)) {
      return entries
          .filter(it -> !it.getFileName().toString().startsWith("..") && Files.isRegularFile(it))
          .toList();
    }
  }
}
