package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens when the target is below the database. */
public enum Rollback {
  /** It is refused. */
  @JsonProperty("Forbid")
  FORBID("Forbid"),
  /** The project's own reverse scripts run, newest first. */
  @JsonProperty("Undo")
  UNDO("Undo"),
  /**
   * The backup that was made before the target was left takes the database's place, once a
   * TuneTrailRestore of it is approved.
   */
  @JsonProperty("Restore")
  RESTORE("Restore");

  private final String text;

  Rollback(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
