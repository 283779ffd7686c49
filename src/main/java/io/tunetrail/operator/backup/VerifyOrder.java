package io.tunetrail.operator.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * What a verification's pod is told besides its {@link io.tunetrail.operator.migration.WorkOrder}.
 *
 * @param backup its name
 */
public record VerifyOrder(String backup, StoreOrder store) {
  /** The variable that holds its JSON. */
  static final String VARIABLE = "TUNETRAIL_VERIFY";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The order; throws {@link IllegalArgumentException} for a text that is none. */
  static VerifyOrder read(String text) {
    try {
      return JSON.readValue(text, VerifyOrder.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(VARIABLE + " is no order: " + e.getOriginalMessage(), e);
    }
  }

  String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts and numbers is always JSON", e);
    }
  }
}
