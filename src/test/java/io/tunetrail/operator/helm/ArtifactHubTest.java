package io.tunetrail.operator.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.tunetrail.operator.testing.CatalogEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * What Artifact Hub shows of the chart stands in its Chart.yaml, below what people write there;
 * {@code -Dhelm=write} writes it.
 */
class ArtifactHubTest {
  private static final Path FILE = Chart.FOLDER.resolve("Chart.yaml");
  private static final String HEAD =
      "# Generated: mvn test -Dtest=ArtifactHubTest -Dhelm=write\nannotations:\n";
  private static final ObjectMapper BLOCKS =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
              .build());

  @Test
  void the_chart_tells_artifact_hub_what_the_sources_say() throws IOException {
    var written = Files.readString(FILE).split(HEAD, 2)[0];
    var expected = written + HEAD + BLOCKS.writeValueAsString(annotations()).indent(2);
    if ("write".equals(System.getProperty("helm"))) {
      Files.writeString(FILE, expected);
    }
    assertThat(FILE)
        .as("Chart.yaml is stale: run mvn test -Dtest=ArtifactHubTest -Dhelm=write")
        .hasContent(expected);
  }

  @Test
  void what_changed_is_of_a_kind_that_artifact_hub_knows() throws IOException {
    var changes = CatalogEntry.words().path("changes");
    assertThat(changes).isNotEmpty();
    for (var change : changes) {
      assertThat(change.path("kind").asText())
          .isIn("added", "changed", "deprecated", "removed", "fixed", "security");
      assertThat(change.path("description").asText()).isNotBlank();
    }
  }

  @Test
  void there_is_an_example_of_each_kind() throws IOException {
    var kinds = CatalogEntry.examples().findValuesAsText("kind");
    for (var definition : CatalogEntry.definitions()) {
      assertThat(kinds).contains(definition.kind());
    }
  }

  @Test
  void the_licence_is_the_projects() throws IOException {
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains(
            "<license><name>%s</name></license>"
                .formatted(CatalogEntry.words().path("license").asText()));
  }

  private static ObjectNode annotations() throws IOException {
    var annotations = CatalogEntry.artifactHub();
    annotations.put("artifacthub.io/crds", CatalogEntry.YAML.writeValueAsString(definitions()));
    annotations.put(
        "artifacthub.io/crdsExamples",
        CatalogEntry.YAML.writeValueAsString(CatalogEntry.examples()));
    annotations.put("artifacthub.io/images", CatalogEntry.YAML.writeValueAsString(images()));
    annotations.put("artifacthub.io/operator", "true");
    annotations.set(
        "artifacthub.io/operatorCapabilities", CatalogEntry.words().path("capabilities"));
    return annotations;
  }

  private static ArrayNode definitions() throws IOException {
    var definitions = BLOCKS.createArrayNode();
    for (var definition : CatalogEntry.definitions()) {
      var entry = definitions.addObject();
      entry.put("kind", definition.kind());
      entry.set("version", definition.crd().at("/spec/versions/0/name"));
      entry.set("name", definition.crd().at("/metadata/name"));
      entry.set("displayName", definition.words().path("displayName"));
      entry.set("description", definition.words().path("description"));
    }
    return definitions;
  }

  /** Those that the chart runs by default. */
  private static ArrayNode images() {
    var images = BLOCKS.createArrayNode();
    Chart.render(Chart.valueSet("default")).stream()
        .flatMap(it -> it.findValues("containers").stream())
        .flatMap(JsonNode::valueStream)
        .map(it -> it.path("image").asText())
        .distinct()
        .forEach(it -> images.addObject().put("name", "operator").put("image", it));
    return images;
  }
}
