package io.tunetrail.operator.runtime;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of the log as one flat JSON object: time, level, logger, message, error, and the line's
 * fields. Lines of the operator SDK have the fields of the resource that it works on.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
  /** What the operator SDK calls them, and what our own lines do. */
  private static final Map<String, String> OF_THE_SDK =
      Map.of(
          "resource.namespace", "namespace",
          "resource.name", "name",
          "resource.generation", "generation");

  private static final byte[] NOTHING = {};

  private final JsonFactory json = new JsonFactory();

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    var line = new ByteArrayOutputStream(256);
    try (var generator = json.createGenerator(line)) {
      write(generator, event);
    } catch (IOException e) {
      throw new UncheckedIOException("memory can always be written to", e);
    }
    line.writeBytes("\n".getBytes(StandardCharsets.UTF_8));
    return line.toByteArray();
  }

  private static void write(JsonGenerator json, ILoggingEvent event) throws IOException {
    json.writeStartObject();
    json.writeStringField("time", event.getInstant().toString());
    json.writeStringField("level", event.getLevel().toString());
    json.writeStringField("logger", event.getLoggerName());
    json.writeStringField("message", event.getFormattedMessage());
    for (var field : fields(event).entrySet()) {
      write(json, field.getKey(), field.getValue());
    }
    if (event.getThrowableProxy() != null) {
      json.writeStringField("error", words(event.getThrowableProxy()));
    }
    json.writeEndObject();
  }

  private static Map<String, @Nullable Object> fields(ILoggingEvent event) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    OF_THE_SDK.forEach(
        (theirs, ours) -> {
          var value = event.getMDCPropertyMap().get(theirs);
          if (value != null) {
            fields.put(ours, ours.equals("generation") ? Long.valueOf(value) : value);
          }
        });
    if (event.getKeyValuePairs() != null) {
      event.getKeyValuePairs().forEach(it -> fields.put(it.key, it.value));
    }
    return fields;
  }

  private static void write(JsonGenerator json, String name, @Nullable Object value)
      throws IOException {
    switch (value) {
      case Integer number -> json.writeNumberField(name, number);
      case Long number -> json.writeNumberField(name, number);
      case null, default -> json.writeStringField(name, String.valueOf(value));
    }
  }

  /** With its causes, which tell more. */
  private static String words(IThrowableProxy thrown) {
    var words = new StringBuilder();
    for (var it = thrown; it != null; it = it.getCause()) {
      words
          .append(words.isEmpty() ? "" : "; caused by ")
          .append(it.getClassName())
          .append(": ")
          .append(it.getMessage());
    }
    return words.toString();
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
