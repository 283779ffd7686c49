package io.tunetrail.operator.backup;

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

  /** The order; throws {@link IllegalArgumentException} for a text that is none. */
  static BackupOrder read(String text) {
    return OrderJson.read(VARIABLE, text, BackupOrder.class);
  }

  String toJson() {
    return OrderJson.of(this);
  }
}
