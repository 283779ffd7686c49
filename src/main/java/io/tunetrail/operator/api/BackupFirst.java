package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What must be there before a migration starts. */
public enum BackupFirst {
  /** Nothing. */
  @JsonProperty("Never")
  NEVER,
  /** A backup of what the migration finds. */
  @JsonProperty("Complete")
  COMPLETE,
  /** One that was restored besides, and compared. */
  @JsonProperty("Verified")
  VERIFIED
}
