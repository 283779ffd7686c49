package io.tunetrail.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The page on security explains each right that an installation gives, and no other. */
class SecurityTableTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Path PAGE = Page.FOLDER.resolve("security.md");
  private static final String HEAD = "| role | group | resources | verbs | why |";

  @Test
  void each_rule_of_the_installation_is_explained() throws IOException {
    var explained = new ArrayList<String>();
    for (var row : rows()) {
      int why = row.lastIndexOf(" | ", row.length() - 3);
      explained.add(row.substring(0, why));
      assertThat(row.substring(why + 3, row.length() - 2)).as(row).endsWith(".");
    }
    assertThat(explained).containsExactlyInAnyOrderElementsOf(rules());
  }

  private static List<String> rows() throws IOException {
    return Files.readString(PAGE)
        .lines()
        .dropWhile(line -> !line.equals(HEAD))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .toList();
  }

  /** Each once: the bundle for OLM has copies. */
  private static List<String> rules() throws IOException {
    var rules = new ArrayList<String>();
    try (var files = Files.walk(Path.of("deploy"))) {
      for (var file : files.filter(it -> it.toString().endsWith(".yaml")).sorted().toList()) {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
          documents.readAll().stream()
              .filter(SecurityTableTest::isRole)
              .forEach(it -> add(it, rules));
        }
      }
    }
    return rules.stream().distinct().toList();
  }

  private static boolean isRole(JsonNode document) {
    var kind = document.path("kind").asText();
    return kind.equals("ClusterRole") || kind.equals("Role");
  }

  private static void add(JsonNode role, List<String> rules) {
    for (var rule : role.path("rules")) {
      var names = rule.has("resourceNames") ? " named " + words(rule.path("resourceNames")) : "";
      rules.add(
          "| `%s` | %s | %s%s | %s"
              .formatted(
                  role.path("metadata").path("name").asText(),
                  words(rule.path("apiGroups")).replace("``", "`(core)`"),
                  words(rule.path("resources")),
                  names,
                  words(rule.path("verbs"))));
    }
  }

  private static String words(JsonNode texts) {
    return StreamSupport.stream(texts.spliterator(), false)
        .map(it -> "`" + it.asText() + "`")
        .collect(Collectors.joining(", "));
  }
}
