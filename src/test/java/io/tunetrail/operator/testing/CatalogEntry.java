package io.tunetrail.operator.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What catalogues of operators are told, OLM's and Artifact Hub: the words of deploy/olm/base.yaml,
 * the definitions in crds/, and examples.
 */
public final class CatalogEntry {
  public static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .build());

  /** Files of crds/. */
  public static final List<String> DEFINITIONS =
      List.of("tunetraildatabases.tunetrail.io-v1.yml", "tunetrailrestores.tunetrail.io-v1.yml");

  private static final List<String> EXAMPLES =
      List.of(
          "karaoke/staging.yaml",
          "karaoke/community.yaml",
          "soleil/production.yaml",
          "tunetrail/development.yaml");

  private CatalogEntry() {}

  public static JsonNode words() throws IOException {
    return YAML.readTree(Path.of("deploy", "olm", "base.yaml").toFile());
  }

  /** A resource of each kind, and more of those that differ much. */
  public static ArrayNode examples() throws IOException {
    var examples = YAML.createArrayNode();
    for (var file : EXAMPLES) {
      examples.add(document(Path.of("examples").resolve(file), "TuneTrailDatabase"));
    }
    examples.add(words().path("restoreExample"));
    return examples;
  }

  /** The definition, and under {@code words} what base.yaml says of its kind. */
  public record Definition(JsonNode crd, JsonNode words) {
    public String kind() {
      return crd.at("/spec/names/kind").asText();
    }
  }

  public static List<Definition> definitions() throws IOException {
    var descriptors = words().path("descriptors");
    var definitions = new ArrayList<Definition>();
    for (var file : DEFINITIONS) {
      var crd = YAML.readTree(Path.of("crds", file).toFile());
      definitions.add(new Definition(crd, descriptors.path(crd.at("/spec/names/kind").asText())));
    }
    return definitions;
  }

  /** The annotations that Artifact Hub reads in a chart as well as in a bundle. */
  public static ObjectNode artifactHub() throws IOException {
    var words = words();
    var annotations = YAML.createObjectNode();
    annotations.put(
        "artifacthub.io/category", words.path("categories").asText().toLowerCase(Locale.ROOT));
    annotations.put("artifacthub.io/changes", YAML.writeValueAsString(words.path("changes")));
    annotations.set("artifacthub.io/license", words.path("license"));
    annotations.put(
        "artifacthub.io/prerelease",
        Boolean.toString(!words.path("maturity").asText().equals("stable")));
    return annotations;
  }

  public static List<JsonNode> documents(Path file) throws IOException {
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
      return documents.readAll();
    }
  }

  /** The first of this kind. */
  public static JsonNode document(Path file, String kind) throws IOException {
    return documents(file).stream()
        .filter(it -> it.path("kind").asText().equals(kind))
        .findFirst()
        .orElseThrow();
  }
}
