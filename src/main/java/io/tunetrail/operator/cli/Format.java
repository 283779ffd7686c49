package io.tunetrail.operator.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.function.Supplier;

/** How an answer is written: for people, or for programs. */
enum Format {
  TABLE,
  JSON,
  YAML;

  private static final JsonMapper INDENTED =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .build();

  /** The answer, with a line's end. */
  String write(Object value, Supplier<String> text) {
    return switch (this) {
      case TABLE -> text.get();
      case JSON -> json(value);
      case YAML -> Serialization.asYaml(INDENTED.valueToTree(value));
    };
  }

  private static String json(Object value) {
    try {
      return INDENTED.writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("records, maps and trees are always JSON", e);
    }
  }
}
