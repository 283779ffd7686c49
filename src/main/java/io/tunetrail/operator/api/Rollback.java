package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens when the target is below the database. */
public enum Rollback {
  /** It is refused. */
  @JsonProperty("Forbid")
  FORBID("Forbid"),
  /** The project's own reverse scripts run, newest first. */
  @JsonProperty("Undo")
  UNDO("Undo");

  private final String text;

  Rollback(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
