package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a restore stands. */
public enum RestorePhase {
  /** Something must be there, or over, first. */
  @JsonProperty("Waiting")
  WAITING("Waiting", false),
  @JsonProperty("AwaitingApproval")
  AWAITING_APPROVAL("AwaitingApproval", false),
  /** A Job works on it, or will again. */
  @JsonProperty("Restoring")
  RESTORING("Restoring", false),
  @JsonProperty("Restored")
  RESTORED("Restored", true),
  /** It is not tried again. */
  @JsonProperty("Failed")
  FAILED("Failed", true);

  private final String text;
  private final boolean last;

  RestorePhase(String text, boolean last) {
    this.text = text;
    this.last = last;
  }

  /** Whether nothing follows it. */
  public boolean isLast() {
    return last;
  }

  @Override
  public String toString() {
    return text;
  }
}
