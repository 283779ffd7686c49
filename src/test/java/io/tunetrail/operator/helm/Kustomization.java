package io.tunetrail.operator.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What {@code kubectl kustomize} makes of a folder of deploy/, as far as these ask for it; what
 * else a kustomization may say is an error. That kubectl makes the same is seen on the cluster.
 */
record Kustomization(Path folder, JsonNode content) {
  private static final Set<String> KNOWN =
      Set.of(
          "apiVersion",
          "kind",
          "namespace",
          "resources",
          "labels",
          "configMapGenerator",
          "generatorOptions",
          // Where `images` finds them: nothing, as long as there are no images.
          "configurations");

  static List<ObjectNode> build(Path folder) throws IOException {
    var content = Manifests.YAML.readTree(folder.resolve("kustomization.yaml").toFile());
    for (var key : content.properties()) {
      if (!KNOWN.contains(key.getKey())) {
        throw new IllegalStateException("%s has %s".formatted(folder, key.getKey()));
      }
    }
    return new Kustomization(folder, content).objects();
  }

  private List<ObjectNode> objects() throws IOException {
    var objects = new ArrayList<ObjectNode>();
    for (var resource : content.path("resources")) {
      var path = folder.resolve(resource.asText());
      objects.addAll(
          Files.isDirectory(path) ? build(path) : Manifests.parse(Files.readString(path)));
    }
    for (var configMap : content.path("configMapGenerator")) {
      objects.add(configMap(configMap));
    }
    objects.forEach(this::change);
    return objects;
  }

  private ObjectNode configMap(JsonNode generator) throws IOException {
    var object = Manifests.YAML.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
    var metadata = object.putObject("metadata");
    metadata.set("name", generator.path("name"));
    if (generator.at("/options/labels") instanceof ObjectNode labels) {
      metadata.putObject("labels").setAll(labels);
    }
    var data = object.putObject("data");
    for (var file : generator.path("files")) {
      data.put(file.asText(), Files.readString(folder.resolve(file.asText())));
    }
    return object;
  }

  private void change(ObjectNode object) {
    for (var labels : content.path("labels")) {
      object
          .withObjectProperty("metadata")
          .withObjectProperty("labels")
          .setAll((ObjectNode) labels.path("pairs"));
    }
    var namespace = content.path("namespace");
    if (namespace.isMissingNode()) {
      return;
    }
    if (!Manifests.isOfTheCluster(object)) {
      object.withObjectProperty("metadata").set("namespace", namespace);
    }
    for (var subject : object.path("subjects")) {
      ((ObjectNode) subject).set("namespace", namespace);
    }
  }
}
