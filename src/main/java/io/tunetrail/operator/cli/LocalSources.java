package io.tunetrail.operator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tunetrail.operator.api.ConnectionSpec;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.engine.ScriptSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a resource refers to, in the same file. */
record LocalSources(List<JsonNode> documents) {

  ScriptSet scripts(List<LocalReference> configMaps) throws CommandFailure {
    var sources = new ArrayList<Map<String, String>>();
    for (var reference : configMaps) {
      sources.add(texts(existing("ConfigMap", reference.name()).path("data")));
    }
    return LocalProject.set(sources);
  }

  Map<String, String> secret(String name) {
    var secret = find("Secret", name);
    var keys = new TreeMap<String, String>();
    secret.ifPresent(
        it -> {
          texts(it.path("data"))
              .forEach(
                  (key, value) ->
                      keys.put(
                          key,
                          new String(
                              Base64.getMimeDecoder().decode(value), StandardCharsets.UTF_8)));
          keys.putAll(texts(it.path("stringData")));
        });
    return keys;
  }

  @Nullable String authority(ConnectionSpec connection) throws CommandFailure {
    var reference = connection.caRef();
    if (reference == null) {
      return null;
    }
    var key = reference.configMap();
    var pem =
        key != null
            ? texts(existing("ConfigMap", key.name()).path("data")).get(key.key())
            : reference.secret() == null
                ? null
                : secret(reference.secret().name()).get(reference.secret().key());
    if (pem == null) {
      throw new CommandFailure(
          "the manifest does not have what connection.caRef names; put it there, or set"
              + " PGSSLROOTCERT");
    }
    return pem;
  }

  private JsonNode existing(String kind, String name) throws CommandFailure {
    return find(kind, name)
        .orElseThrow(
            () ->
                new CommandFailure(
                    "the manifest has no %s %s; put it there, or name a folder by --sql"
                        .formatted(kind, name)));
  }

  private Optional<JsonNode> find(String kind, String name) {
    return documents.stream()
        .filter(it -> it.path("kind").asText().equals(kind) && LocalProject.name(it).equals(name))
        .findFirst();
  }

  private static Map<String, String> texts(JsonNode object) {
    var texts = new TreeMap<String, String>();
    object.properties().forEach(it -> texts.put(it.getKey(), it.getValue().asText()));
    return texts;
  }
}
