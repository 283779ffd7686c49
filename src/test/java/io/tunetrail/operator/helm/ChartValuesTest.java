package io.tunetrail.operator.helm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The chart's values: each has a place in the schema and a row in the README, whose table is
 * generated from the comments in values.yaml; {@code -Ddocs=write} writes it.
 */
class ChartValuesTest {
  private static final Path VALUES = Chart.FOLDER.resolve("values.yaml");
  private static final Path SCHEMA = Chart.FOLDER.resolve("values.schema.json");
  private static final Path README = Chart.FOLDER.resolve("README.md");
  private static final String TABLE = "| value | default | meaning |\n|---|---|---|\n";
  private static final Pattern KEY = Pattern.compile("^( *)([A-Za-z]\\w*):.*");
  private static final Pattern COMMENT = Pattern.compile("^ *# (.*)");

  /** What Helm gives every chart that is part of another. */
  private static final String GLOBAL = "global";

  @Test
  void the_readmes_table_is_what_the_comments_say() throws IOException {
    var committed = Files.readString(README);
    int start = committed.indexOf(TABLE);
    assertThat(start).as("the README has the table's head").isNotNegative();
    int end = committed.indexOf("\n\n", start);
    var generated =
        committed.substring(0, start)
            + TABLE
            + String.join("\n", rows())
            + (end < 0 ? "\n" : committed.substring(end));
    if ("write".equals(System.getProperty("docs"))) {
      Files.writeString(README, generated);
    }
    assertThat(README)
        .as("the table is stale: run mvn test -Dtest=ChartValuesTest -Ddocs=write")
        .hasContent(generated);
  }

  @Test
  void the_schema_knows_the_values_that_there_are_and_no_other() throws IOException {
    var known = new TreeSet<String>();
    leavesOfSchema("", schema(), known);
    known.remove(GLOBAL);
    assertThat(known).isEqualTo(new TreeSet<>(defaults().keySet()));
  }

  @Test
  void unknown_keys_are_refused_at_every_depth() throws IOException {
    assertThat(schema().findParents("properties"))
        .filteredOn(it -> it.has("type"))
        .isNotEmpty()
        .extracting(it -> it.path("additionalProperties").asBoolean(true))
        .containsOnly(false);
  }

  @ParameterizedTest
  @MethodSource("io.tunetrail.operator.helm.Chart#refusedValueSets")
  void what_is_wrong_is_refused_with_its_place(Path values) throws IOException {
    var place = Files.readAllLines(values).getFirst().substring("# ".length());
    assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(place);
  }

  private static List<String> rows() throws IOException {
    var comments = comments();
    var rows = new ArrayList<String>();
    for (var value : defaults().entrySet()) {
      var meaning = comments.getOrDefault(value.getKey(), "");
      assertThat(meaning).as("values.yaml says what %s is", value.getKey()).endsWith(".");
      rows.add(
          "| `%s` | %s | %s |"
              .formatted(value.getKey(), shown(value.getValue()), meaning.replace("|", "\\|")));
    }
    return rows;
  }

  private static String shown(JsonNode value) {
    return value.isNull()
            || value.asText("-").isEmpty()
            || (value.isContainerNode() && value.isEmpty())
        ? ""
        : "`%s`".formatted(value.isTextual() ? value.asText() : value.toString());
  }

  /** Comments above keys, by path. */
  private static Map<String, String> comments() throws IOException {
    var comments = new LinkedHashMap<String, String>();
    var path = new ArrayDeque<String>();
    var comment = new ArrayList<String>();
    for (var line : Files.readAllLines(VALUES)) {
      var key = KEY.matcher(line);
      var text = COMMENT.matcher(line);
      if (text.matches()) {
        comment.add(text.group(1));
      } else if (key.matches()) {
        while (path.size() > key.group(1).length() / 2) {
          path.removeLast();
        }
        path.addLast(key.group(2));
        comments.put(String.join(".", path), String.join(" ", comment));
        comment.clear();
      }
    }
    return comments;
  }

  /** Default values by path, those of maps that users fill as one. */
  private static Map<String, JsonNode> defaults() throws IOException {
    var leaves = new LinkedHashMap<String, JsonNode>();
    leaves("", Manifests.YAML.readTree(VALUES.toFile()), schema(), leaves);
    return leaves;
  }

  private static void leaves(
      String path, JsonNode value, JsonNode schema, Map<String, JsonNode> leaves) {
    if (!schema.has("properties")) {
      leaves.put(path.substring(1), value);
      return;
    }
    for (var child : value.properties()) {
      leaves(
          path + "." + child.getKey(),
          child.getValue(),
          schema.path("properties").path(child.getKey()),
          leaves);
    }
  }

  private static void leavesOfSchema(String path, JsonNode schema, Set<String> leaves) {
    if (!schema.has("properties")) {
      leaves.add(path.substring(1));
      return;
    }
    for (var child : schema.path("properties").properties()) {
      leavesOfSchema(path + "." + child.getKey(), child.getValue(), leaves);
    }
  }

  private static JsonNode schema() throws IOException {
    return requireNonNull(new ObjectMapper().readTree(SCHEMA.toFile()));
  }
}
