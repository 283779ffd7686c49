package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to a database that has tables and no history. */
public enum Adoption {
  /** It is left alone. */
  @JsonProperty("Refuse")
  REFUSE("Refuse"),
  /** It is taken for migration.baselineVersion once it was compared with it. */
  @JsonProperty("Baseline")
  BASELINE("Baseline");

  private final String text;

  Adoption(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
