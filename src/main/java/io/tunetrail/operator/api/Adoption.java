package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to a database that has tables which no history tells of. */
public enum Adoption {
  /** It is left alone. */
  @JsonProperty("Refuse")
  REFUSE("Refuse"),
  /** Without a history it is taken for migration.baselineVersion once it was compared with it. */
  @JsonProperty("Baseline")
  BASELINE("Baseline"),
  /** So it is with a history that tells of less, or otherwise; what it tells of is kept. */
  @JsonProperty("Rebaseline")
  REBASELINE("Rebaseline");

  private final String text;

  Adoption(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
