package io.tunetrail.operator.backup;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.WorkResult;
import java.util.List;
import java.util.Objects;

/** What pg_dump's own words mean. */
final class DumpFailure {
  private DumpFailure() {}

  /**
   * How its work ended.
   *
   * @param words the last lines of its standard error
   */
  static WorkResult of(int exitCode, List<String> words, ConnectionSettings settings) {
    var said = new ClientWords("pg_dump", words);
    var detail = said.detail(exitCode);
    var outcome = said.outcome(Outcome.BACKUP_FAILED);
    return WorkResult.failed(
        outcome, outcome == Outcome.INSUFFICIENT_PRIVILEGE ? detail + grant(settings) : detail);
  }

  /** A dump reads all there is, so that one right after the other would be found missing. */
  private static String grant(ConnectionSettings settings) {
    return ". A backup reads every table and sequence; as a superuser run: GRANT pg_read_all_data"
        + " TO \"%s\";"
            .formatted(
                Objects.requireNonNullElse(settings.role(), settings.username())
                    .replace("\"", "\"\""));
  }
}
