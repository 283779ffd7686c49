package io.tunetrail.operator.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tunetrail.operator.api.PlanRequestStatus;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.engine.ScriptFile;
import io.tunetrail.operator.engine.ScriptSet;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Method;
import io.tunetrail.operator.migration.ScriptSources;
import java.io.IOException;
import java.util.ArrayList;
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
 * @param scratch where databases may be made; null: on the database's own server
 * @param python where what an image does is done; null where none is needed
 */
record LocalProject(
    TuneTrailDatabase resource,
    Desired desired,
    ScriptSet scripts,
    ScriptSet seeds,
    Map<String, String> secret,
    @Nullable String caPem,
    @Nullable Login scratch,
    @Nullable LocalPython python) {
  private static final YAMLMapper YAML = new YAMLMapper();

  /** Variables of libpq, and the fields of spec.connection that they win over. */
  private static final Map<String, String> FIELDS =
      Map.of("PGHOST", "host", "PGPORT", "port", "PGDATABASE", "database", "PGSSLMODE", "sslMode");

  private static final List<String> REQUIRED =
      List.of("/spec/edition", "/spec/environment", "/spec/connection/secretRef/name");

  /** What runs in an image elsewhere. */
  private static final List<String> PROGRAMS =
      List.of("/spec/schema/alembic", "/spec/schema/createAll/program", "/spec/seed/program");

  private static final Map<String, String> KEYS =
      Map.of("PGUSER", "username", "PGPASSWORD", "password");

  /**
   * The way to a server.
   *
   * @param caPem who signs its certificate; null: the system's trust
   */
  record Login(Map<String, String> secret, @Nullable String caPem) {}

  /**
   * What a person names.
   *
   * @param name of the resource; null where the manifest has one alone
   * @param target instead of spec.targetVersion; null: that
   * @param undo whether going back is asked for in so many words
   * @param sql files to take instead of those of the ConfigMaps; null: those
   * @param caPem instead of what connection.caRef names; null: that
   * @param python in place of the image; null: none
   */
  record Request(
      @Nullable String name,
      @Nullable String target,
      boolean undo,
      @Nullable Map<String, String> sql,
      @Nullable String caPem,
      Map<String, String> environment,
      @Nullable LocalPython python) {}

  /** The same with another resource in its place. */
  LocalProject with(TuneTrailDatabase other) {
    return new LocalProject(
        other, Desired.from(other), scripts, seeds, secret, caPem, scratch, python);
  }

  /** Reads a file of YAML documents. */
  static LocalProject parse(String manifest, Request request) throws CommandFailure {
    var documents = documents(manifest);
    var resource = resource(documents, request);
    var desired = Desired.from(resource);
    var objection = objection(desired, request.python());
    if (objection.isPresent()) {
      throw new CommandFailure(objection.get());
    }
    var sources = new LocalSources(documents);
    var sql = request.sql();
    return new LocalProject(
        resource,
        desired,
        sql == null
            ? sources.scripts(ScriptSources.ofSchema(resource, desired))
            : set(List.of(sql)),
        sources.scripts(ScriptSources.ofSeed(resource)),
        secret(sources, resource, request.environment()),
        request.caPem() == null
            ? sources.authority(resource.getSpec().connection())
            : request.caPem(),
        scratch(sources, resource),
        request.python());
  }

  /** What runs from an image needs one that can be run. */
  private static Optional<String> objection(Desired desired, @Nullable LocalPython python) {
    if (desired.scriptImage() != null) {
      return Optional.of(
          "--local runs Flyway's scripts of ConfigMaps or of --sql; those of an image need a"
              + " cluster");
    }
    boolean programs =
        desired.method() == Method.ALEMBIC
            || desired.createAll() != null
            || (desired.seed() != null && desired.seed().program() != null);
    return programs && python == null
        ? Optional.of(
            "what the image does is done here in the project's own folder; name it by --project")
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
    return typed(here(object, documents, request));
  }

  /** As it is without a cluster, and as the person wants it. */
  private static ObjectNode here(ObjectNode object, List<JsonNode> documents, Request request) {
    // An empty namespace completes no host: there is none.
    object.withObject("/metadata").put("namespace", "").put("uid", "local " + name(object));
    object.withObject("/metadata").put("generation", 1);
    object.withObject("/metadata/annotations").remove(PlanRequestStatus.ANNOTATION);
    var spec = object.withObject("/spec");
    // Whoever runs this sees the scripts; a plan is kept by a cluster.
    spec.withObject("/migration").put("approval", "Version").remove("plan");
    var scratch = spec.at("/scratch/connection/secretRef/name").asText();
    if (new LocalSources(documents).secret(scratch).isEmpty()) {
      spec.remove("scratch");
    }
    if (request.undo()) {
      spec.withObject("/migration").put("rollback", "Undo");
    }
    if (request.target() != null) {
      spec.put("targetVersion", request.target());
    } else if (!spec.hasNonNull("targetVersion")) {
      spec.put("targetVersion", "latest"); // as the API server fills it in
    }
    if (request.python() != null) {
      PROGRAMS.forEach(it -> here(object.at(it), request.python()));
    }
    FIELDS.forEach(
        (variable, field) -> {
          var value = request.environment().get(variable);
          if (value != null && !value.isEmpty()) {
            spec.withObject("/connection").put(field, value);
          }
        });
    return object;
  }

  /** Where the image has its Python and its folder is of no use here. */
  private static void here(JsonNode program, LocalPython python) {
    if (program instanceof ObjectNode object) {
      object.putArray("python").add(python.interpreter());
      object.remove("workingDirectory");
    }
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
      LocalSources sources, TuneTrailDatabase resource, Map<String, String> environment)
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

  /** Without its Secret in the manifest the database's own server has to do. */
  private static @Nullable Login scratch(LocalSources sources, TuneTrailDatabase resource)
      throws CommandFailure {
    var scratch = resource.getSpec().scratch();
    return scratch == null
        ? null
        : new Login(
            sources.secret(scratch.connection().secretRef().name()),
            sources.authority(scratch.connection()));
  }

  static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  static ScriptSet set(List<Map<String, String>> sources) {
    var files = new ArrayList<ScriptFile>();
    for (int source = 0; source < sources.size(); source++) {
      for (var file : sources.get(source).entrySet()) {
        files.add(new ScriptFile(source, file.getKey(), file.getValue()));
      }
    }
    return new ScriptSet(files);
  }
}
