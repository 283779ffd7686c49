package io.tunetrail.operator.helm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The chart, and what Helm makes of it as a release in the namespace of deploy/. */
final class Chart {
  static final Path FOLDER = Path.of("helm", "tunetrail-operator");

  /**
   * Values that it must take, a file each; what of them the API server takes is seen on the
   * cluster.
   */
  static final Path VALUE_SETS = Path.of("src", "test", "helm");

  /** The oldest that the operator works with. */
  private static final String KUBERNETES = "1.30.0";

  private Chart() {}

  /** The objects of a release, with those that `helm test` makes. */
  static List<ObjectNode> render(Path values) {
    var rendered =
        new Helm(FOLDER)
            .template()
            .withName("tunetrail-operator")
            .withNamespace("tunetrail-system")
            .withKubeVersion(KUBERNETES)
            .withValuesFile(values)
            .call();
    try {
      return Manifests.parse(rendered);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The objects of a release. */
  static List<ObjectNode> renderInstalled(String valueSet) {
    return render(valueSet(valueSet)).stream().filter(it -> !isOfATest(it)).toList();
  }

  static boolean isOfATest(ObjectNode object) {
    return object.path("metadata").path("annotations").has("helm.sh/hook");
  }

  static Path valueSet(String name) {
    return VALUE_SETS.resolve(name + ".yaml");
  }

  static Stream<Path> valueSets() throws IOException {
    return files(VALUE_SETS);
  }

  static Stream<Path> refusedValueSets() throws IOException {
    return files(VALUE_SETS.resolve("refused"));
  }

  private static Stream<Path> files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList().stream();
    }
  }
}
