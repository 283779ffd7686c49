package io.tunetrail.operator.docs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** src/docs/reference.md is generated from crds/; {@code -Ddocs=write} writes it. */
class ReferenceTest {
  private static final Path COMMITTED = Page.FOLDER.resolve("reference.md");
  private static final List<String> DEFINITIONS =
      List.of("tunetraildatabases.tunetrail.io-v1.yml", "tunetrailrestores.tunetrail.io-v1.yml");
  private static final String HEAD =
      """
      # Reference of the resources

      Generated from `crds/`. `kubectl explain ttdb.spec` tells the same.

      A duration is a number and a unit: `ms`, `s`, `m` or `h`, as in `30m`. A time is RFC 3339, as in `2026-11-27T22:00:00Z`. A digest
      is `sha256:` and 64 hexadecimal digits. A schedule has five fields, as cron has them: minute, hour, day of the month, month, day
      of the week. What has neither a default nor is required may be left out.
      """;
  private static final String TABLE = "\n| field | type | default | what |\n|---|---|---|---|\n";

  @Test
  void the_committed_reference_is_what_the_definitions_say() throws IOException {
    var generated = new StringBuilder(HEAD);
    for (var file : DEFINITIONS) {
      generated.append(kind(read(file)));
    }
    if ("write".equals(System.getProperty("docs"))) {
      Files.writeString(COMMITTED, generated);
    }
    assertThat(COMMITTED)
        .as("the reference is stale: run mvn test -Dtest=ReferenceTest -Ddocs=write")
        .hasContent(generated.toString());
  }

  private static CustomResourceDefinition read(String file) throws IOException {
    return Serialization.unmarshal(
        Files.readString(Path.of("crds", file)), CustomResourceDefinition.class);
  }

  private static String kind(CustomResourceDefinition definition) {
    var names = definition.getSpec().getNames();
    var version = definition.getSpec().getVersions().getFirst();
    var schema = version.getSchema().getOpenAPIV3Schema();
    var spec = requireNonNull(schema.getProperties().get("spec"));
    var text = new StringBuilder();
    text.append("\n## %s\n\n".formatted(names.getKind()))
        .append("%s\n\n".formatted(schema.getDescription()))
        .append(
            "`apiVersion: %s/%s`, `kind: %s`; short name `%s`.\n"
                .formatted(
                    definition.getSpec().getGroup(),
                    version.getName(),
                    names.getKind(),
                    names.getShortNames().getFirst()));
    text.append(section("spec", spec, false));
    new TreeMap<>(spec.getProperties())
        .forEach(
            (name, field) -> {
              if (isDescribedBelow(field)) {
                text.append(section("spec." + name, field, true));
              }
            });
    text.append(section("status", requireNonNull(schema.getProperties().get("status")), true));
    return text.toString();
  }

  private static String section(String path, JSONSchemaProps schema, boolean deep) {
    var rows = new ArrayList<String>();
    addRows("", schema, deep, rows);
    var rules = new ArrayList<String>();
    addRules(schema, deep, rules);
    return "\n### `%s`\n\n%s\n".formatted(path, cell(schema.getDescription()))
        + TABLE
        + String.join("", rows)
        + (rules.isEmpty() ? "" : "\nRefused, in these words:\n\n" + String.join("", rules));
  }

  private static void addRows(
      String prefix, JSONSchemaProps schema, boolean deep, List<String> rows) {
    new TreeMap<>(schema.getProperties())
        .forEach(
            (name, field) -> {
              boolean required = schema.getRequired().contains(name);
              rows.add(row(prefix + name, field, required));
              if (deep && isDescribedBelow(field)) {
                addRows(prefix + name + ".", field, true, rows);
              } else if (deep && items(field) != null && isDescribedBelow(items(field))) {
                addRows(prefix + name + "[].", requireNonNull(items(field)), true, rows);
              }
            });
  }

  private static void addRules(JSONSchemaProps schema, boolean deep, List<String> rules) {
    schema
        .getXKubernetesValidations()
        .forEach(it -> rules.add("- " + cell(it.getMessage()) + "\n"));
    if (deep) {
      new TreeMap<>(schema.getProperties()).values().forEach(it -> addRules(it, true, rules));
    }
  }

  private static String row(String path, JSONSchemaProps field, boolean required) {
    var value = field.getDefault();
    var standard =
        value == null ? (required ? "required" : "") : "`%s`".formatted(plain(value.toString()));
    return "| `%s` | %s | %s | %s |\n"
        .formatted(path, type(field), standard, cell(field.getDescription()));
  }

  private static String plain(String json) {
    return json.startsWith("\"") ? json.substring(1, json.length() - 1) : json;
  }

  private static String type(JSONSchemaProps field) {
    var items = items(field);
    if (items != null) {
      return "list of " + type(items) + bounds(field.getMinItems(), field.getMaxItems());
    }
    if (field.getAdditionalProperties() != null) {
      return "map";
    }
    if (!field.getEnum().isEmpty()) {
      return field.getEnum().stream()
          .map(it -> "`%s`".formatted(it.asText()))
          .collect(Collectors.joining(", "));
    }
    return switch (field.getType()) {
      case "integer" -> "integer" + bounds(field.getMinimum(), field.getMaximum());
      case "string" -> word(field.getPattern());
      case "object" -> "object";
      default -> field.getType();
    };
  }

  private static String bounds(@Nullable Number least, @Nullable Number most) {
    var words = new ArrayList<String>();
    if (least != null && least.longValue() > 1) {
      words.add("at least " + least.longValue());
    }
    if (most != null) {
      words.add("at most " + most.longValue());
    }
    return words.isEmpty() ? "" : ", " + String.join(", ", words);
  }

  private static String word(@Nullable String pattern) {
    if (pattern == null) {
      return "string";
    }
    if (pattern.endsWith("(ms|s|m|h)$") || pattern.endsWith("(s|m|h)$")) {
      return "duration";
    }
    if (pattern.startsWith("^sha256:")) {
      return "digest";
    }
    if (pattern.startsWith("^[0-9]{4}-")) {
      return "time";
    }
    return pattern.equals("^[^ @]+( [^ ]+){4}$") ? "schedule" : "string";
  }

  private static @Nullable JSONSchemaProps items(JSONSchemaProps field) {
    return field.getItems() == null ? null : field.getItems().getSchema();
  }

  /** Kubernetes' own types have no descriptions here. */
  private static boolean isDescribedBelow(@Nullable JSONSchemaProps field) {
    Map<String, JSONSchemaProps> below = field == null ? Map.of() : field.getProperties();
    return !below.isEmpty() && below.values().stream().allMatch(it -> it.getDescription() != null);
  }

  private static String cell(@Nullable String text) {
    return requireNonNull(text, "no description").replace("|", "\\|").replace("<", "&lt;");
  }
}
