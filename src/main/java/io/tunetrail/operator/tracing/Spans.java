package io.tunetrail.operator.tracing;

import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;

/** Where time went; safe for use by many threads. */
public interface Spans extends AutoCloseable {
  /** Of nobody who asks. */
  Spans NONE =
      new Spans() {
        @Override
        public <T> T in(String name, Map<String, String> attributes, Supplier<T> work) {
          return work.get();
        }

        @Override
        public void ended(
            String name, Map<String, String> attributes, Instant from, Instant to, boolean well) {}

        @Override
        public void close() {}
      };

  /** Does the work in a span, within that of the thread where it has one. */
  <T> T in(String name, Map<String, String> attributes, Supplier<T> work);

  /** What was done elsewhere, and how it ended. */
  void ended(String name, Map<String, String> attributes, Instant from, Instant to, boolean well);

  /** Tells what is not told yet, for two seconds at most. */
  @Override
  void close();

  /**
   * Whether OpenTelemetry's standard variables ask for traces: an endpoint is named, and neither
   * OTEL_SDK_DISABLED nor OTEL_TRACES_EXPORTER switches them off.
   */
  static boolean areWanted(Map<String, String> environment) {
    boolean endpoint =
        !environment.getOrDefault("OTEL_EXPORTER_OTLP_ENDPOINT", "").isBlank()
            || !environment.getOrDefault("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "").isBlank();
    return endpoint
        && !environment.getOrDefault("OTEL_SDK_DISABLED", "").strip().equalsIgnoreCase("true")
        && !environment.getOrDefault("OTEL_TRACES_EXPORTER", "").strip().equals("none");
  }
}
