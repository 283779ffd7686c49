package io.tunetrail.operator.backup;

import com.fasterxml.jackson.annotation.JsonInclude;
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

  /** The order; throws {@link IllegalArgumentException} for a text that is none. */
  static RestoreOrder read(String text) {
    return OrderJson.read(VARIABLE, text, RestoreOrder.class);
  }

  public String toJson() {
    return OrderJson.of(this);
  }
}
