package io.tunetrail.operator.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SpansTest {
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  @Test
  void an_endpoint_asks_for_traces_unless_they_are_switched_off() {
    var endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    assertThat(Spans.areWanted(Map.of())).isFalse();
    assertThat(Spans.areWanted(Map.of(endpoint, " "))).isFalse();
    assertThat(Spans.areWanted(Map.of(endpoint, "http://c:4318"))).isTrue();
    assertThat(Spans.areWanted(Map.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://c:4318/t")))
        .isTrue();
    assertThat(Spans.areWanted(Map.of(endpoint, "http://c:4318", "OTEL_SDK_DISABLED", "true")))
        .isFalse();
    assertThat(Spans.areWanted(Map.of(endpoint, "http://c:4318", "OTEL_TRACES_EXPORTER", "none")))
        .isFalse();
  }

  @Test
  void spans_come_to_a_collector_with_names_and_without_the_words_of_errors() throws IOException {
    var received = new CopyOnWriteArrayList<String>();
    var collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            received.add(new String(body, StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
          }
        });
    collector.start();
    try (var spans = to("http://127.0.0.1:" + collector.getAddress().getPort())) {
      assertThat(
              spans.<String>in(
                  "reconcile",
                  Map.of("tunetrail.database", "songs"),
                  () -> spans.in("look", Map.of(), () -> "seen")))
          .isEqualTo("seen");
      spans.ended("job", Map.of("k8s.job.name", "songs-1"), NOW.minusSeconds(9), NOW, false);
      assertThatThrownBy(
              () ->
                  spans.<String>in(
                      "fails",
                      Map.of(),
                      () -> {
                        throw new IllegalStateException("p4ssword");
                      }))
          .isInstanceOf(IllegalStateException.class);
    } finally {
      collector.stop(0);
    }
    assertThat(String.join("", received))
        .contains("tunetrail-operator", "reconcile", "look", "songs", "songs-1", "fails")
        .contains("IllegalStateException")
        .doesNotContain("p4ssword");
  }

  private static Spans to(String endpoint) {
    return OpenTelemetrySpans.start(
        Map.of("otel.exporter.otlp.endpoint", endpoint, "otel.exporter.otlp.compression", "none"));
  }

  @Test
  void variables_that_are_wrong_are_named() {
    assertThatThrownBy(
            () -> OpenTelemetrySpans.start(Map.of("otel.exporter.otlp.endpoint", "nowhere")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("OpenTelemetry");
  }

  @Test
  void a_collector_that_is_away_ends_nothing() {
    try (var spans = to("http://127.0.0.1:9")) {
      assertThat(List.of(spans.in("reconcile", Map.of(), () -> 1))).containsExactly(1);
    }
  }
}
