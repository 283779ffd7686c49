package io.tunetrail.operator.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Objects as YAML has them. */
final class Manifests {
  static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private Manifests() {}

  /** The documents of a text, without those that hold nothing. */
  static List<ObjectNode> parse(String text) throws IOException {
    var objects = new ArrayList<ObjectNode>();
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
      while (documents.hasNext()) {
        if (documents.next() instanceof ObjectNode object) {
          objects.add(object);
        }
      }
    }
    return objects;
  }

  /** By "Kind namespace/name", which no two may share. */
  static SortedMap<String, ObjectNode> byName(Collection<ObjectNode> objects) {
    var byName = new TreeMap<String, ObjectNode>();
    for (var object : objects) {
      if (byName.put(name(object), object) != null) {
        throw new IllegalStateException("twice: " + name(object));
      }
    }
    return byName;
  }

  static String name(JsonNode object) {
    var metadata = object.path("metadata");
    return "%s %s/%s"
        .formatted(
            kind(object), metadata.path("namespace").asText(), metadata.path("name").asText());
  }

  static String kind(JsonNode object) {
    return object.path("kind").asText();
  }

  static boolean isOfTheCluster(JsonNode object) {
    return switch (kind(object)) {
      case "Namespace",
          "CustomResourceDefinition",
          "ClusterRole",
          "ClusterRoleBinding",
          "ValidatingAdmissionPolicy",
          "ValidatingAdmissionPolicyBinding" ->
          true;
      default -> false;
    };
  }
}
