package io.tunetrail.operator.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A chart takes no files from outside its folder, so it has copies of those that are others';
 * {@code -Dhelm=write} writes them.
 */
class ChartFilesTest {
  private static final Path COPIES = Chart.FOLDER.resolve("files");
  private static final Path MONITORING = Path.of("deploy", "monitoring");

  @Test
  void the_charts_copies_are_the_same_as_their_sources() throws IOException {
    var generated = generated();
    if ("write".equals(System.getProperty("helm"))) {
      for (var file : generated.entrySet()) {
        Files.createDirectories(file.getKey().getParent());
        Files.writeString(file.getKey(), file.getValue());
      }
    }
    assertThat(committed())
        .as("helm/ is stale: run mvn test -Dtest=ChartFilesTest -Dhelm=write")
        .isEqualTo(generated);
  }

  private static SortedMap<Path, String> generated() throws IOException {
    var files = new TreeMap<Path, String>();
    copyAll(files, Path.of("crds"), "*-v1.yml", "crds");
    copyAll(files, MONITORING.resolve("dashboard"), "*.json", "dashboards");
    files.put(
        COPIES.resolve("alerts.yaml"), Files.readString(MONITORING.resolve("base/alerts.yaml")));
    copyPolicy(files, Path.of("deploy/approvals/policy.yaml"), "approvals.yaml");
    copyPolicy(files, Path.of("deploy/approvals/restore-policy.yaml"), "restore-approvals.yaml");
    copyPolicy(files, Path.of("deploy/four-eyes/policy.yaml"), "four-eyes.yaml");
    return files;
  }

  private static void copyAll(SortedMap<Path, String> into, Path from, String glob, String folder)
      throws IOException {
    if (!Files.isDirectory(from)) {
      return;
    }
    try (var sources = Files.newDirectoryStream(from, glob)) {
      for (var source : sources) {
        into.put(COPIES.resolve(folder).resolve(source.getFileName()), Files.readString(source));
      }
    }
  }

  /** The policy alone: where it is bound is a value of the chart. */
  private static void copyPolicy(SortedMap<Path, String> into, Path from, String name)
      throws IOException {
    into.put(
        COPIES.resolve("approvals").resolve(name),
        Files.readString(from).split("(?m)^---\n", 2)[0]);
  }

  private static SortedMap<Path, String> committed() throws IOException {
    var files = new TreeMap<Path, String>();
    try (var found = Files.walk(COPIES)) {
      for (var file : found.filter(Files::isRegularFile).toList()) {
        files.put(file, Files.readString(file));
      }
    }
    return files;
  }
}
