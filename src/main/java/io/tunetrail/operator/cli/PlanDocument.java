package io.tunetrail.operator.cli;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A plan as its ConfigMap has it.
 *
 * @param digest what it is of
 * @param statements in the order they run
 * @param analysis null where it was not analysed
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record PlanDocument(
    @Nullable String digest,
    @Nullable String from,
    @Nullable String target,
    @Nullable List<Statement> statements,
    @Nullable JsonNode analysis) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * One statement.
   *
   * @param script the file's name
   * @param version null for a repeatable one
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Statement(
      String script, @Nullable String version, String sql, @Nullable Boolean transactional) {}

  /**
   * What is to be known of a statement before it runs.
   *
   * @param level as in warning; null where none is said
   * @param rule whose finding it is
   * @param remedy the safer way; null where none is said
   */
  record Finding(@Nullable String level, String rule, String message, @Nullable String remedy) {}

  /** Reads it, or says that it is none that is understood. */
  static PlanDocument parse(String json) throws CommandFailure {
    try {
      return JSON.readValue(json, PlanDocument.class);
    } catch (JsonProcessingException e) {
      throw new CommandFailure(
          "the plan is not in a form that this program knows; take the version of the operator: "
              + e.getOriginalMessage());
    }
  }

  List<Statement> steps() {
    return statements == null ? List.of() : statements;
  }

  /** All of the analysis, in its order: whatever has a rule and a message. */
  List<Finding> findings() {
    var findings = new ArrayList<Finding>();
    if (analysis != null) {
      collect(analysis, findings);
    }
    return findings;
  }

  private static void collect(JsonNode node, List<Finding> findings) {
    var rule = text(node, "rule", "name");
    var message = text(node, "message");
    if (rule != null && message != null) {
      findings.add(
          new Finding(
              text(node, "level", "severity"),
              rule,
              message,
              text(node, "remedy", "help", "safer")));
    } else {
      node.forEach(it -> collect(it, findings));
    }
  }

  private static @Nullable String text(JsonNode node, String... names) {
    return Stream.of(names)
        .map(it -> node.path(it).textValue())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}
