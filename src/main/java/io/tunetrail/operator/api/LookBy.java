package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who opens the connections by which a database is looked at. */
public enum LookBy {
  /** The operator's own process. */
  @JsonProperty("Operator")
  OPERATOR("Operator"),
  /** A Job beside the resource. */
  @JsonProperty("Job")
  JOB("Job");

  private final String text;

  LookBy(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
