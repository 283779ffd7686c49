package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an approval in production must name. */
public enum ApprovalPolicy {
  /** The version, and the pending content where it gives a digest. */
  @JsonProperty("Version")
  VERSION("Version"),
  /** Exactly one plan, by the digest of status.plan. */
  @JsonProperty("Plan")
  PLAN("Plan");

  private final String text;

  ApprovalPolicy(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
