package io.tunetrail.operator.analysis;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How much a finding weighs, the least first. */
public enum Level {
  /** Good to know. */
  @JsonProperty("Note")
  NOTE,
  /** Applications may wait or fail. */
  @JsonProperty("Warning")
  WARNING,
  /** Data is gone afterwards. */
  @JsonProperty("Destructive")
  DESTRUCTIVE
}
