package io.tunetrail.operator.backup;

/**
 * What a verification's pod is told besides its {@link io.tunetrail.operator.migration.WorkOrder}.
 *
 * @param backup its name
 */
public record VerifyOrder(String backup, StoreOrder store) {
  /** The variable that holds its JSON. */
  static final String VARIABLE = "TUNETRAIL_VERIFY";

  /** The order; throws {@link IllegalArgumentException} for a text that is none. */
  static VerifyOrder read(String text) {
    return OrderJson.read(VARIABLE, text, VerifyOrder.class);
  }

  String toJson() {
    return OrderJson.of(this);
  }
}
