package io.tunetrail.operator.backup;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a restore's report says besides how it ended; also of one that failed once it had chosen.
 *
 * @param backup the one that was chosen
 * @param database that has its content now, or was to have it
 * @param safetyBackup of what the live database held before; null where none was made
 * @param previousDatabase the live one of before, under its new name; null where it stayed
 * @param tables that were restored; 0 where it did not come to that
 * @param rows of all of them
 * @param phases that ended, in order
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RestoreReport(
    String backup,
    String database,
    @Nullable String safetyBackup,
    @Nullable String previousDatabase,
    int tables,
    long rows,
    List<Phase> phases) {

  /**
   * A part of it.
   *
   * @param name CamelCase
   * @param started RFC 3339
   * @param finished RFC 3339
   */
  public record Phase(String name, String started, String finished) {}
}
