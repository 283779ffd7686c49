package io.tunetrail.operator.migration;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
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

  private PlanFrame() {}

  /**
   * What a Job told.
   *
   * @param analysis null where there is none
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Planned(List<PlannedStatement> statements, @Nullable JsonNode analysis) {}

  /** The lines of the log. */
  public static List<String> lines(List<PlannedStatement> statements) {
    return LogFrame.lines(json(statements), NAME);
  }

  /** The last plan in the log; empty where there is none, or not all of it. */
  public static Optional<Planned> parse(String log) {
    return LogFrame.parse(log, NAME).flatMap(PlanFrame::read);
  }

  private static Optional<Planned> read(String json) {
    try {
      return Optional.of(Reader.JSON.readValue(json, Planned.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static String json(List<PlannedStatement> statements) {
    var json = new StringWriter();
    try (var generator = new JsonFactory().createGenerator(json)) {
      generator.writeStartObject();
      write(generator, statements);
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

  /** The operator's side; every field must be there, be it null. */
  private static final class Reader {
    static final JsonMapper JSON =
        JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();
  }
}
