package io.tunetrail.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class JsonLinesTest {
  private final Logger logger = context().getLogger("io.tunetrail.Songs");
  private final JsonLines lines = new JsonLines();

  private static LoggerContext context() {
    var context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    return context;
  }

  private LoggingEvent event(String message, @Nullable Throwable thrown, Object... arguments) {
    var event = new LoggingEvent("test", logger, Level.INFO, message, thrown, arguments);
    event.setInstant(Instant.parse("2026-05-01T12:00:00.5Z"));
    return event;
  }

  private String line(LoggingEvent event) {
    return new String(lines.encode(event), StandardCharsets.UTF_8);
  }

  private JsonNode read(LoggingEvent event) throws IOException {
    return new ObjectMapper().readTree(line(event));
  }

  @Test
  void a_line_is_one_flat_object_with_the_fields_of_the_change() {
    var event = event("created Job {}", null, "songs-migrate-1");
    event.setKeyValuePairs(
        List.of(
            new KeyValuePair("namespace", "music"),
            new KeyValuePair("generation", 3L),
            new KeyValuePair("job", "songs-migrate-1")));
    assertThat(line(event))
        .isEqualTo(
            """
            {"time":"2026-05-01T12:00:00.500Z","level":"INFO","logger":"io.tunetrail.Songs",\
            "message":"created Job songs-migrate-1","namespace":"music","generation":3,\
            "job":"songs-migrate-1"}
            """);
  }

  @Test
  void what_the_operator_sdk_works_on_has_the_same_names() throws IOException {
    var event = event("retrying", null);
    event.setMDCPropertyMap(
        Map.of(
            "resource.namespace", "music", "resource.name", "songs", "resource.generation", "3"));
    assertThat(read(event).path("generation").isNumber()).isTrue();
    assertThat(read(event).path("namespace").asText()).isEqualTo("music");
    assertThat(read(event).path("name").asText()).isEqualTo("songs");
  }

  @Test
  void a_message_of_many_lines_stays_one() {
    assertThat(line(event("one\ntwo\t\"three\"", null)).lines()).hasSize(1);
  }

  @Test
  void an_error_is_told_with_its_causes_and_without_a_stack_trace() throws IOException {
    var thrown = new IllegalStateException("outer", new IOException("inner"));
    assertThat(read(event("failed", thrown)).path("error").asText())
        .isEqualTo("java.lang.IllegalStateException: outer; caused by java.io.IOException: inner");
  }
}
