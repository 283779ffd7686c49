package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** When a Job shows the SQL of what would run, before it does. */
public enum Planning {
  /** Where an approval must name the plan. */
  @JsonProperty("Gated")
  GATED("Gated"),
  /** Before every migration. */
  @JsonProperty("Always")
  ALWAYS("Always");

  private final String text;

  Planning(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
