package io.tunetrail.operator.cli;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
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
   * @param level as in Warning; null where none is said
   * @param rule whose finding it is
   * @param saferWay what to write instead; null where none is said
   */
  record Finding(@Nullable String level, String rule, String message, @Nullable String saferWay) {}

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

  /** The locks that a statement takes, as in: ACCESS EXCLUSIVE on public.users. */
  List<String> locks(int statement) {
    var locks = new ArrayList<String>();
    for (var lock : analysed(statement).path("locks")) {
      var table = text(lock, "table");
      locks.add(text(lock, "mode") + (table == null ? "" : " on " + table));
    }
    return locks;
  }

  /** The tables that a statement writes anew. */
  List<String> rewrites(int statement) {
    var tables = new ArrayList<String>();
    analysed(statement).path("rewrites").forEach(it -> tables.add(it.asText()));
    return tables;
  }

  List<Finding> findings(int statement) {
    var findings = new ArrayList<Finding>();
    for (var finding : analysed(statement).path("findings")) {
      var rule = text(finding, "rule");
      var message = text(finding, "message");
      if (rule != null && message != null) {
        findings.add(new Finding(text(finding, "level"), rule, message, text(finding, "saferWay")));
      }
    }
    return findings;
  }

  /** What could not be found out, and why. */
  List<String> remarks() {
    var remarks = new ArrayList<String>();
    if (analysis != null) {
      analysis.path("remarks").forEach(it -> remarks.add(it.asText()));
    }
    return remarks;
  }

  private JsonNode analysed(int statement) {
    return analysis == null
        ? MissingNode.getInstance()
        : analysis.path("statements").path(statement);
  }

  private static @Nullable String text(JsonNode node, String name) {
    return node.path(name).textValue();
  }
}
