package io.tunetrail.operator.migration;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.tunetrail.operator.analysis.Analysis;
import io.tunetrail.operator.analysis.PlannedStatement;
import io.tunetrail.operator.engine.LogFrame;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The SQL of a plan, in the log of the container that made it. */
public final class PlanFrame {
  private static final String NAME = "tunetrail-plan";

  /** Every field must be there, be it null. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();

  private PlanFrame() {}

  /**
   * What a Job told.
   *
   * @param analysis null where there is none
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Planned(List<PlannedStatement> statements, @Nullable JsonNode analysis) {}

  /**
   * The lines of the log.
   *
   * @param analysis null where there is none
   * @param log what must not tell secrets, which errors of statements may repeat
   */
  public static List<String> lines(
      List<PlannedStatement> statements, @Nullable Analysis analysis, WorkLog log) {
    var redacted =
        statements.stream()
            .map(
                it ->
                    new PlannedStatement(
                        it.script(), it.version(), log.redacted(it.sql()), it.transactional()))
            .toList();
    return LogFrame.lines(
        json(redacted, analysis == null ? null : redacted(JSON.valueToTree(analysis), log)), NAME);
  }

  private static JsonNode redacted(JsonNode node, WorkLog log) {
    if (node.isTextual()) {
      return TextNode.valueOf(log.redacted(node.textValue()));
    }
    if (node instanceof ArrayNode array) {
      for (int at = 0; at < array.size(); at++) {
        array.set(at, redacted(array.get(at), log));
      }
    }
    if (node instanceof ObjectNode object) {
      object.properties().forEach(it -> it.setValue(redacted(it.getValue(), log)));
    }
    return node;
  }

  /** The last plan in the log; empty where there is none, or not all of it. */
  public static Optional<Planned> parse(String log) {
    return LogFrame.parse(log, NAME).flatMap(PlanFrame::read);
  }

  private static Optional<Planned> read(String json) {
    try {
      return Optional.of(JSON.readValue(json, Planned.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static String json(List<PlannedStatement> statements, @Nullable JsonNode analysis) {
    var json = new StringWriter();
    try (var generator = new JsonFactory().createGenerator(json)) {
      generator.writeStartObject();
      write(generator, statements);
      if (analysis != null) {
        generator.setCodec(JSON);
        generator.writeFieldName("analysis");
        generator.writeTree(analysis);
      }
      generator.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory can always be written", e);
    }
    return json.toString();
  }

  /** As a field of the object that is being written. */
  static void write(JsonGenerator generator, List<PlannedStatement> statements) throws IOException {
    generator.writeArrayFieldStart("statements");
    for (var statement : statements) {
      generator.writeStartObject();
      generator.writeStringField("script", statement.script());
      generator.writeStringField("version", statement.version());
      generator.writeStringField("sql", statement.sql());
      generator.writeBooleanField("transactional", statement.transactional());
      generator.writeEndObject();
    }
    generator.writeEndArray();
  }
}
