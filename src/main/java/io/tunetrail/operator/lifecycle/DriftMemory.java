package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.DriftStatus;
import io.tunetrail.operator.api.RecordedSchemaStatus;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the last status says of drift, for where the last work's record is no longer compared with.
 *
 * @param schema what a look recorded in place of the last work; null where none had to
 * @param drifted fingerprint that the schema differed from; null where it did not
 */
public record DriftMemory(@Nullable RecordedSchemaStatus schema, @Nullable String drifted) {
  public static final DriftMemory NONE = new DriftMemory(null, null);

  /** Reads a status. */
  public static DriftMemory of(TuneTrailDatabaseStatus status) {
    return new DriftMemory(
        status.recordedSchema(),
        Optional.ofNullable(status.drift()).map(DriftStatus::fingerprint).orElse(null));
  }
}
