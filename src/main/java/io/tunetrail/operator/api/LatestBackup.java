package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Of which backups the newest is taken. */
public enum LatestBackup {
  /** Of all. */
  @JsonProperty("Any")
  ANY("Any"),
  /** Of those that a restore has proved. */
  @JsonProperty("Verified")
  VERIFIED("Verified");

  private final String text;

  LatestBackup(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
