package io.tunetrail.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tunetrail.operator.testing.CatalogEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

/**
 * deploy/olm/bundle is generated from deploy/olm/base.yaml, deploy/base, crds and examples; {@code
 * -Dolm=write} writes it. The cluster tier has a validator of OLM's own look at it.
 */
class OlmBundleTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path OLM = Path.of("deploy", "olm");
  private static final Path BUNDLE = OLM.resolve("bundle");
  private static final Path ICON = OLM.resolve("icon.svg");
  private static final Path DEPLOY = Path.of("deploy", "base");
  private static final String HEAD = "# Generated: mvn test -Dtest=OlmBundleTest -Dolm=write\n";

  @Test
  void the_committed_bundle_is_what_the_sources_say() throws Exception {
    for (var file : files().entrySet()) {
      var committed = BUNDLE.resolve(file.getKey());
      if ("write".equals(System.getProperty("olm"))) {
        Files.createDirectories(committed.getParent());
        Files.writeString(committed, file.getValue());
      }
      assertThat(committed)
          .as("the bundle is stale: run mvn test -Dtest=OlmBundleTest -Dolm=write")
          .hasContent(file.getValue());
    }
  }

  @Test
  void every_descriptor_is_of_a_field_that_there_is() throws IOException {
    for (var definition : CatalogEntry.definitions()) {
      for (var half : List.of("spec", "status")) {
        var schema =
            definition.crd().at("/spec/versions/0/schema/openAPIV3Schema/properties/" + half);
        for (var path : definition.words().path(half).properties()) {
          assertThat(at(schema, path.getKey()).isMissingNode()).as(path.getKey()).isFalse();
        }
      }
    }
  }

  private static JsonNode at(JsonNode schema, String path) {
    var found = schema;
    for (var name : path.split("\\.", -1)) {
      found = found.path("properties").path(name);
    }
    return found;
  }

  private static Map<String, String> files() throws Exception {
    var files = new LinkedHashMap<String, String>();
    files.put(
        "manifests/tunetrail-operator.clusterserviceversion.yaml", text(clusterServiceVersion()));
    for (var crd : CatalogEntry.DEFINITIONS) {
      files.put("manifests/" + crd.replace(".yml", ".yaml"), alone(Path.of("crds", crd)));
    }
    for (var role : CatalogEntry.documents(DEPLOY.resolve("user-roles.yaml"))) {
      files.put(
          "manifests/%s.clusterrole.yaml".formatted(role.at("/metadata/name").asText()),
          text(role));
    }
    files.put("metadata/annotations.yaml", text(annotations()));
    return files;
  }

  /** OLM reads the first document of a file, which must not be a comment. */
  private static String alone(Path crd) throws IOException {
    return HEAD + Files.readString(crd).split("---\n", 2)[1];
  }

  private static String text(JsonNode document) throws IOException {
    return HEAD + CatalogEntry.YAML.writeValueAsString(document);
  }

  private static String version() throws Exception {
    var pom =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(Path.of("pom.xml").toFile());
    var children = pom.getDocumentElement().getChildNodes();
    for (int at = 0; at < children.getLength(); at++) {
      if (children.item(at).getNodeName().equals("version")) {
        return children.item(at).getTextContent();
      }
    }
    throw new IllegalStateException("pom.xml has no version");
  }

  private static JsonNode clusterServiceVersion() throws Exception {
    var base = CatalogEntry.words();
    var csv = CatalogEntry.YAML.createObjectNode();
    csv.put("apiVersion", "operators.coreos.com/v1alpha1").put("kind", "ClusterServiceVersion");
    var metadata = csv.putObject("metadata");
    metadata.put("name", "tunetrail-operator.v" + version());
    var annotations = metadata.putObject("annotations");
    annotations.put("alm-examples", examples());
    annotations.setAll(CatalogEntry.artifactHub());
    annotations.set("capabilities", base.path("capabilities"));
    annotations.set("categories", base.path("categories"));
    annotations.put("containerImage", image());
    var spec = csv.putObject("spec");
    spec.put("version", version());
    for (var field :
        List.of(
            "displayName",
            "description",
            "keywords",
            "maturity",
            "minKubeVersion",
            "provider",
            "maintainers",
            "links")) {
      spec.set(field, base.path(field));
    }
    spec.putArray("icon")
        .addObject()
        .put("base64data", Base64.getEncoder().encodeToString(Files.readAllBytes(ICON)))
        .put("mediatype", "image/svg+xml");
    installModes(spec.putArray("installModes"));
    spec.putObject("customresourcedefinitions").set("owned", owned());
    install(spec.putObject("install"));
    return csv;
  }

  private static String examples() throws IOException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(CatalogEntry.examples());
  }

  private static JsonNode deployment() throws IOException {
    return CatalogEntry.document(DEPLOY.resolve("deployment.yaml"), "Deployment");
  }

  private static String image() throws IOException {
    return deployment().at("/spec/template/spec/containers/0/image").asText();
  }

  /** The operator watches all namespaces or those that its own variable names. */
  private static void installModes(ArrayNode modes) {
    for (var mode : List.of("OwnNamespace", "SingleNamespace", "MultiNamespace", "AllNamespaces")) {
      modes.addObject().put("type", mode).put("supported", mode.equals("AllNamespaces"));
    }
  }

  private static JsonNode owned() throws IOException {
    var owned = CatalogEntry.YAML.createArrayNode();
    for (var definition : CatalogEntry.definitions()) {
      var words = definition.words();
      var entry = owned.addObject();
      entry.set("name", definition.crd().at("/metadata/name"));
      entry.set("version", definition.crd().at("/spec/versions/0/name"));
      entry.put("kind", definition.kind());
      entry.set("displayName", words.path("displayName"));
      entry.set("description", words.path("description"));
      descriptors(entry.putArray("specDescriptors"), words.path("spec"));
      descriptors(entry.putArray("statusDescriptors"), words.path("status"));
    }
    return owned;
  }

  private static void descriptors(ArrayNode list, JsonNode words) {
    for (var field : words.properties()) {
      var descriptor = list.addObject().put("path", field.getKey());
      descriptor.setAll((ObjectNode) field.getValue());
    }
  }

  private static void install(ObjectNode install) throws IOException {
    install.put("strategy", "deployment");
    var spec = install.putObject("spec");
    var cluster = CatalogEntry.document(DEPLOY.resolve("cluster-role.yaml"), "ClusterRole");
    permissions(spec.putArray("clusterPermissions"), cluster);
    permissions(
        spec.putArray("permissions"),
        CatalogEntry.document(DEPLOY.resolve("lease-role.yaml"), "Role"));
    var deployment = deployment();
    var entry = spec.putArray("deployments").addObject();
    entry.set("name", deployment.at("/metadata/name"));
    entry.set("label", deployment.at("/metadata/labels"));
    entry.set("spec", deployment.path("spec"));
  }

  private static void permissions(ArrayNode list, JsonNode role) throws IOException {
    var account = CatalogEntry.document(DEPLOY.resolve("service-account.yaml"), "ServiceAccount");
    var entry = list.addObject();
    entry.set("serviceAccountName", account.at("/metadata/name"));
    entry.set("rules", role.path("rules"));
  }

  private static JsonNode annotations() {
    var annotations = CatalogEntry.YAML.createObjectNode();
    var keys = annotations.putObject("annotations");
    Stream.of(
            List.of("mediatype.v1", "registry+v1"),
            List.of("manifests.v1", "manifests/"),
            List.of("metadata.v1", "metadata/"),
            List.of("package.v1", "tunetrail-operator"),
            List.of("channels.v1", "candidate-v0"),
            List.of("channel.default.v1", "candidate-v0"))
        .forEach(it -> keys.put("operators.operatorframework.io.bundle." + it.get(0), it.get(1)));
    return annotations;
  }
}
