package io.tunetrail.operator.guard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command for the hands; it holds secrets.
 *
 * @param configuration Alembic's ini, of which the command gets a copy with the database's URL;
 *     null where the command is not Alembic's
 * @param scripts digest of the revisions that must be there; null where none need be
 * @param urls the database's, by driver
 */
record HandsRequest(
    List<String> command,
    Map<String, String> environment,
    @Nullable String configuration,
    @Nullable String scripts,
    Map<String, String> urls) {

  String toJson() {
    var json = new StringWriter();
    try (var generator = new JsonFactory().createGenerator(json)) {
      generator.writeStartObject();
      generator.writeFieldName("command");
      generator.writeArray(command.toArray(String[]::new), 0, command.size());
      write(generator, "environment", environment);
      generator.writeStringField("configuration", configuration);
      generator.writeStringField("scripts", scripts);
      write(generator, "urls", urls);
      generator.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory can always be written", e);
    }
    return json.toString();
  }

  private static void write(JsonGenerator generator, String name, Map<String, String> values)
      throws IOException {
    generator.writeObjectFieldStart(name);
    for (var value : values.entrySet()) {
      generator.writeStringField(value.getKey(), value.getValue());
    }
    generator.writeEndObject();
  }
}
