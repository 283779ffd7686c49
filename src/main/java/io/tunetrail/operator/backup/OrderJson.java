package io.tunetrail.operator.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Orders of pods, as JSON in a variable of theirs. */
final class OrderJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private OrderJson() {}

  /** The order; throws {@link IllegalArgumentException} for a text that is none. */
  static <T> T read(String variable, String text, Class<T> order) {
    try {
      return JSON.readValue(text, order);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(variable + " is no order: " + e.getOriginalMessage(), e);
    }
  }

  static String of(Record order) {
    try {
      return JSON.writeValueAsString(order);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts and numbers is always JSON", e);
    }
  }
}
