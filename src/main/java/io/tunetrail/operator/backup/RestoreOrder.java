package io.tunetrail.operator.backup;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

/**
 * What a restore's pod is told besides its {@link io.tunetrail.operator.migration.WorkOrder}, whose
 * connection restores and whose scratch connection makes and renames databases.
 *
 * @param resource the TuneTrailDatabase's name
 * @param restore name and UID of the TuneTrailRestore, {@code NAME/UID}: by it an attempt knows
 *     what an earlier one left
 * @param newDatabase what is made of the backup; null: the live database's place is taken
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RestoreOrder(
    String resource,
    String restore,
    StoreOrder store,
    BackupChoice choice,
    @Nullable String newDatabase) {
  /** The variable that holds its JSON. */
  public static final String VARIABLE = "TUNETRAIL_RESTORE";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The order; throws {@link IllegalArgumentException} for a text that is none. */
  static RestoreOrder read(String text) {
    try {
      return JSON.readValue(text, RestoreOrder.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(VARIABLE + " is no order: " + e.getOriginalMessage(), e);
    }
  }

  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts and numbers is always JSON", e);
    }
  }
}
