package io.tunetrail.operator.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * What a backup's pod is told besides its {@link io.tunetrail.operator.migration.WorkOrder}.
 *
 * @param resource its name
 */
public record BackupOrder(String resource, StoreOrder store, BackupRetention retention) {
  /** The variable that holds its JSON. */
  static final String VARIABLE = "TUNETRAIL_BACKUP";

  /** The variable with the Job's name. */
  static final String JOB_VARIABLE = "TUNETRAIL_JOB";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The order; throws {@link IllegalArgumentException} for a text that is none. */
  static BackupOrder read(String text) {
    try {
      return JSON.readValue(text, BackupOrder.class);
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
