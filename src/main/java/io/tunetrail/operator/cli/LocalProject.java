package io.tunetrail.operator.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.engine.ScriptFile;
import io.tunetrail.operator.engine.ScriptSet;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Method;
import io.tunetrail.operator.migration.ScriptSources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A database by its manifest alone, without any cluster.
 *
 * @param scripts what makes the schema
 * @param seeds fixtures; none where none are asked for
 * @param secret how the database is reached
 * @param caPem who signs the server's certificate; null: the system's trust
 */
record LocalProject(
    TuneTrailDatabase resource,
    Desired desired,
    ScriptSet scripts,
    ScriptSet seeds,
    Map<String, String> secret,
    @Nullable String caPem) {
  private static final YAMLMapper YAML = new YAMLMapper();

  /** Variables of libpq, and the fields of spec.connection that they win over. */
  private static final Map<String, String> FIELDS =
      Map.of("PGHOST", "host", "PGPORT", "port", "PGDATABASE", "database", "PGSSLMODE", "sslMode");

  private static final List<String> REQUIRED =
      List.of("/spec/edition", "/spec/environment", "/spec/connection/secretRef/name");

  private static final Map<String, String> KEYS =
      Map.of("PGUSER", "username", "PGPASSWORD", "password");

  /**
   * What a person names.
   *
   * @param name of the resource; null where the manifest has one alone
   * @param target instead of spec.targetVersion; null: that
   * @param sql files to take instead of those of the ConfigMaps; null: those
   * @param caPem instead of what connection.caRef names; null: that
   */
  record Request(
      @Nullable String name,
      @Nullable String target,
      @Nullable Map<String, String> sql,
      @Nullable String caPem,
      Map<String, String> environment) {}

  /** Reads a file of YAML documents. */
  static LocalProject parse(String manifest, Request request) throws CommandFailure {
    var documents = documents(manifest);
    var resource = resource(documents, request);
    var desired = Desired.from(resource);
    var objection = objection(desired);
    if (objection.isPresent()) {
      throw new CommandFailure(objection.get());
    }
    var sources = new Sources(documents);
    var sql = request.sql();
    return new LocalProject(
        resource,
        desired,
        sql == null
            ? sources.scripts(ScriptSources.ofSchema(resource, desired))
            : set(List.of(sql)),
        sources.scripts(ScriptSources.ofSeed(resource)),
        secret(sources, resource, request.environment()),
        request.caPem() == null ? sources.authority(resource) : request.caPem());
  }

  /** What runs from an image needs one that can be run. */
  private static Optional<String> objection(Desired desired) {
    boolean programs =
        desired.method() == Method.ALEMBIC
            || desired.scriptImage() != null
            || desired.createAll() != null
            || (desired.seed() != null && desired.seed().program() != null);
    return programs
        ? Optional.of(
            "--local runs the SQL of Flyway's scripts, create-all and seeds; what an image does"
                + " needs a cluster")
        : Optional.empty();
  }

  private static List<JsonNode> documents(String manifest) throws CommandFailure {
    try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(manifest)) {
      return values.readAll();
    } catch (JsonProcessingException e) {
      throw new CommandFailure("the manifest is not YAML: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new CommandFailure("the manifest can't be read: " + e.getMessage());
    }
  }

  private static TuneTrailDatabase resource(List<JsonNode> documents, Request request)
      throws CommandFailure {
    var found =
        documents.stream()
            .filter(it -> it.path("kind").asText().equals("TuneTrailDatabase"))
            .filter(it -> request.name() == null || name(it).equals(request.name()))
            .toList();
    if (found.size() != 1 || !(found.getFirst() instanceof ObjectNode object)) {
      throw new CommandFailure(
          found.isEmpty()
              ? "the manifest has no TuneTrailDatabase"
                  + (request.name() == null ? "" : " " + request.name())
              : "the manifest has several TuneTrailDatabases; name one: "
                  + String.join(", ", found.stream().map(LocalProject::name).toList()));
    }
    // An empty namespace completes no host: there is none.
    object.withObject("/metadata").put("namespace", "").put("uid", "local " + name(object));
    object.withObject("/metadata").put("generation", 1);
    var spec = object.withObject("/spec");
    // Whoever runs this sees the scripts; a plan is kept by a cluster.
    spec.withObject("/migration").put("approval", "Version").remove("plan");
    if (request.target() != null) {
      spec.put("targetVersion", request.target());
    }
    FIELDS.forEach(
        (variable, field) -> {
          var value = request.environment().get(variable);
          if (value != null && !value.isEmpty()) {
            spec.withObject("/connection").put(field, value);
          }
        });
    return typed(object);
  }

  /** What the API server would have refused is not looked at again, but for what must be there. */
  private static TuneTrailDatabase typed(ObjectNode object) throws CommandFailure {
    var missing = REQUIRED.stream().filter(it -> object.at(it).isMissingNode()).findFirst();
    var schema = object.at("/spec/schema");
    boolean creates = object.at("/spec/edition").asText().equals("community");
    boolean engine =
        creates ? schema.has("createAll") : schema.has("flyway") || schema.has("alembic");
    if (missing.isPresent() || !engine) {
      throw new CommandFailure(
          "%s lacks %s"
              .formatted(
                  name(object),
                  missing
                      .map(it -> it.substring(1).replace('/', '.'))
                      .orElse(creates ? "spec.schema.createAll" : "spec.schema.flyway")));
    }
    try {
      return Serialization.unmarshal(object.toString(), TuneTrailDatabase.class);
    } catch (KubernetesClientException e) {
      throw new CommandFailure(
          "the spec of %s is not one that the API server would take; it says which field by kubectl apply --dry-run=server"
              .formatted(name(object)));
    }
  }

  private static Map<String, String> secret(
      Sources sources, TuneTrailDatabase resource, Map<String, String> environment)
      throws CommandFailure {
    var name = resource.getSpec().connection().secretRef().name();
    var secret = new TreeMap<>(sources.secret(name));
    KEYS.forEach(
        (variable, key) -> {
          var value = environment.get(variable);
          if (value != null && !value.isEmpty()) {
            secret.put(key, value);
          }
        });
    if (secret.isEmpty()) {
      throw new CommandFailure(
          "the manifest has no Secret %s; put it there, or set PGHOST, PGDATABASE, PGUSER and PGPASSWORD"
              .formatted(name));
    }
    return secret;
  }

  private static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  private static ScriptSet set(List<Map<String, String>> sources) {
    var files = new ArrayList<ScriptFile>();
    for (int source = 0; source < sources.size(); source++) {
      for (var file : sources.get(source).entrySet()) {
        files.add(new ScriptFile(source, file.getKey(), file.getValue()));
      }
    }
    return new ScriptSet(files);
  }

  /** What the resource refers to, in the same file. */
  private record Sources(List<JsonNode> documents) {

    ScriptSet scripts(List<LocalReference> configMaps) throws CommandFailure {
      var sources = new ArrayList<Map<String, String>>();
      for (var reference : configMaps) {
        sources.add(texts(existing("ConfigMap", reference.name()).path("data")));
      }
      return set(sources);
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

    @Nullable String authority(TuneTrailDatabase resource) throws CommandFailure {
      var reference = resource.getSpec().connection().caRef();
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
          .filter(it -> it.path("kind").asText().equals(kind) && name(it).equals(name))
          .findFirst();
    }

    private static Map<String, String> texts(JsonNode object) {
      var texts = new TreeMap<String, String>();
      object.properties().forEach(it -> texts.put(it.getKey(), it.getValue().asText()));
      return texts;
    }
  }
}
