package io.tunetrail.operator.tracing;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Spans by OpenTelemetry's SDK, which reads its own standard variables. */
public final class OpenTelemetrySpans implements Spans {
  /** What holds where no variable says otherwise; Prometheus has the metrics already. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "otel.service.name", "tunetrail-operator",
          "otel.exporter.otlp.protocol", "http/protobuf",
          "otel.metrics.exporter", "none",
          "otel.logs.exporter", "none");

  private static final int LAST_WORDS_SECONDS = 2;

  private final OpenTelemetrySdk sdk;
  private final Tracer tracer;

  private OpenTelemetrySpans(OpenTelemetrySdk sdk) {
    this.sdk = sdk;
    this.tracer = sdk.getTracer("io.tunetrail.operator");
  }

  /** As the environment has it; throws {@link IllegalArgumentException} where that is wrong. */
  public static Spans start() {
    return start(Map.of());
  }

  static Spans start(Map<String, String> more) {
    var properties = new HashMap<>(DEFAULTS);
    properties.putAll(more);
    SdkLog.redirect();
    try {
      var configured =
          AutoConfiguredOpenTelemetrySdk.builder()
              .disableShutdownHook()
              .addPropertiesSupplier(() -> properties)
              .build();
      return new OpenTelemetrySpans(configured.getOpenTelemetrySdk());
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("OpenTelemetry's variables: " + e.getMessage(), e);
    }
  }

  @Override
  public <T> T in(String name, Map<String, String> attributes, Supplier<T> work) {
    var span = tracer.spanBuilder(name).setAllAttributes(all(attributes)).startSpan();
    try (var _ = span.makeCurrent()) {
      return work.get();
    } catch (RuntimeException e) {
      span.setStatus(StatusCode.ERROR, e.getClass().getSimpleName()); // its words stay here
      throw e;
    } finally {
      span.end();
    }
  }

  @Override
  public void ended(
      String name, Map<String, String> attributes, Instant from, Instant to, boolean well) {
    Span span =
        tracer
            .spanBuilder(name)
            .setAllAttributes(all(attributes))
            .setStartTimestamp(from)
            .startSpan();
    if (!well) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end(to);
  }

  private static Attributes all(Map<String, String> attributes) {
    var all = Attributes.builder();
    attributes.forEach(all::put);
    return all.build();
  }

  @Override
  public void close() {
    sdk.getSdkTracerProvider().shutdown().join(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
  }
}
