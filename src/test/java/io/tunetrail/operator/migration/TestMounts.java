package io.tunetrail.operator.migration;

import io.tunetrail.operator.engine.ScriptFile;
import io.tunetrail.operator.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The folder of a test's pod. */
final class TestMounts {
  private TestMounts() {}

  /** As the kubelet lays them out: with a folder of its own beside the keys. */
  static Path create(
      Map<String, String> secret,
      String caPem,
      List<ScriptFile> scripts,
      @Nullable TestDatabase scratch,
      boolean ofImage) {
    try {
      var folder = Files.createTempDirectory("test-job");
      var mounts = folder.resolve("mounts");
      write(mounts.resolve("secret"), secret);
      write(mounts.resolve("ca"), Map.of("ca.crt", caPem));
      if (scratch != null) {
        write(mounts.resolve("scratch-secret"), secretOf(scratch));
        write(mounts.resolve("scratch-ca"), Map.of("ca.crt", scratch.server().caPem()));
      }
      for (var script : scripts) {
        var place = ofImage ? "image" : "sql/" + script.source();
        write(mounts.resolve(place), Map.of(script.name(), script.content()));
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The keys of a Secret for the owner's way in. */
  static Map<String, String> secretOf(TestDatabase database) {
    return Map.of(
        "host", "localhost",
        "port", Integer.toString(database.server().port()),
        "database", database.name(),
        "username", database.owner(),
        "password", database.password(),
        "sslmode", "verify-full");
  }

  private static void write(Path folder, Map<String, String> files) throws IOException {
    Files.createDirectories(folder.resolve("..data"));
    for (var file : files.entrySet()) {
      var path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
  }

  /** What a file holds; empty where there is none. */
  static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
