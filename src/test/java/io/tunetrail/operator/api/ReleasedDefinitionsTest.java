package io.tunetrail.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a released CRD accepted, today's accepts and means the same by it. src/test/resources/
 * released has the CRDs of each release in a folder of its name, added when it is made and never
 * changed.
 */
class ReleasedDefinitionsTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Path RELEASED = Path.of("src", "test", "resources", "released");

  private static final String ROLLBACK_BY_RESTORE =
      "Restore is new, so that no resource of a released definition has it";

  /** What is narrower than it was, with why it harms nobody. */
  private static final Map<String, String> REASONED =
      Map.of(
          ".spec: rule !has(self.monitoring) || !has(self.connection.look) || self.connection.look"
              + " != 'Job'",
          "monitoring is new, so that no resource of a released definition has it",
          ".spec: rule !has(self.migration) || !has(self.migration.rollback)"
              + " || self.migration.rollback != 'Restore' || has(self.backup)",
          ROLLBACK_BY_RESTORE,
          ".spec.migration: rule !has(self.rollback) || self.rollback != 'Restore'"
              + " || has(self.restoreAdmin)",
          ROLLBACK_BY_RESTORE,
          ".spec.migration: rule !has(self.rollback) || self.rollback != 'Restore'"
              + " || !has(self.backupFirst) || self.backupFirst != 'Never'",
          ROLLBACK_BY_RESTORE);

  static Stream<Path> released() throws IOException {
    try (var files = Files.walk(RELEASED)) {
      return files.filter(it -> it.toString().contains("/crds/")).sorted().toList().stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("released")
  void what_a_released_definition_accepted_is_accepted(Path file) throws IOException {
    var earlier = YAML.readTree(file.toFile());
    var later = YAML.readTree(Path.of("crds").resolve(file.getFileName()).toFile());
    for (var field : List.of("group", "scope")) {
      assertThat(later.at("/spec/" + field)).isEqualTo(earlier.at("/spec/" + field));
    }
    for (var name : List.of("plural", "singular", "kind", "shortNames")) {
      assertThat(later.at("/spec/names/" + name)).isEqualTo(earlier.at("/spec/names/" + name));
    }
    for (var version : earlier.at("/spec/versions")) {
      assertThat(narrower(version, later)).isEmpty();
    }
  }

  private static List<String> narrower(JsonNode version, JsonNode later) {
    for (var it : later.at("/spec/versions")) {
      if (it.path("name").equals(version.path("name"))) {
        assertThat(it.path("served").asBoolean()).isTrue();
        assertThat(it.path("subresources")).isEqualTo(version.path("subresources"));
        return SchemaNarrowing.between(schema(version), schema(it)).stream()
            .filter(found -> !REASONED.containsKey(found))
            .toList();
      }
    }
    return List.of("version %s is gone".formatted(version.path("name")));
  }

  private static JsonNode schema(JsonNode version) {
    return version.at("/schema/openAPIV3Schema");
  }

  @Test
  void each_release_has_both_definitions() throws IOException {
    try (var releases = Files.list(RELEASED)) {
      assertThat(releases)
          .isNotEmpty()
          .allSatisfy(it -> assertThat(it.resolve("crds").toFile().list()).hasSize(2));
    }
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {properties: {a: {type: string}}} | {properties: {}}                           | .a: is gone
          {type: string}                    | {type: integer}                            | : type was "string", is "integer"
          {properties: {a: {}}}             | {properties: {a: {}, b: {}}, required: [b]} | : b is now required
          {enum: [a, b]}                    | {enum: [a, c]}                             | : "b" is refused
          {}                                | {enum: [a]}                                | : only ["a"] is accepted
          {pattern: a}                      | {pattern: b}                               | : pattern is now "b"
          {}                                | {pattern: b}                               | : pattern is now "b"
          {maxLength: 9}                    | {maxLength: 8}                             | : maxLength was 9, is 8
          {}                                | {maxItems: 8}                              | : maxItems was , is 8
          {minimum: 1}                      | {minimum: 2}                               | : minimum was 1, is 2
          {items: {maxLength: 9}}           | {items: {maxLength: 8}}                    | []: maxLength was 9, is 8
          {items: {}}                       | {}                                         | []: was {}, is
          {nullable: true}                  | {}                                         | : nullable is gone
          {default: a}                      | {default: b}                               | : default was "a", is "b"
          {x-kubernetes-validations: []}    | {x-kubernetes-validations: [{rule: r}]}    | : rule r
          """)
  void what_is_narrower_is_found(String earlier, String later, String found) throws IOException {
    assertThat(SchemaNarrowing.between(YAML.readTree(earlier), YAML.readTree(later)))
        .singleElement()
        .asString()
        .isEqualToIgnoringWhitespace(found);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {properties: {a: {}}, required: [a]}         | {properties: {a: {}, b: {required: [c]}}}
          {enum: [a]}                                  | {enum: [a, b]}
          {enum: [a]}                                  | {}
          {pattern: a, maxLength: 9}                   | {}
          {maxLength: 8, minimum: 2}                   | {maxLength: 9, minimum: 1}
          {x-kubernetes-validations: [{rule: r}]}      | {}
          """)
  void what_accepts_more_is_not(String earlier, String later) throws IOException {
    assertThat(SchemaNarrowing.between(YAML.readTree(earlier), YAML.readTree(later))).isEmpty();
  }
}
