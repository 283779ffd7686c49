package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to pending work on a schema that somebody else changed. */
public enum OnDrift {
  /** It is said, and the work goes on. */
  @JsonProperty("Report")
  REPORT("Report"),
  /** The work waits until a person has decided. */
  @JsonProperty("Block")
  BLOCK("Block");

  private final String text;

  OnDrift(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
