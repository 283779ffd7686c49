package io.tunetrail.operator.backup;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.WorkResult;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** What pg_dump's own words mean. */
final class DumpFailure {
  private DumpFailure() {}

  /**
   * How its work ended.
   *
   * @param words the last lines of its standard error
   */
  static WorkResult of(int exitCode, List<String> words, ConnectionSettings settings) {
    var said =
        words.stream()
            .filter(it -> !it.startsWith("pg_dump: detail: Query was:"))
            .map(it -> it.replaceFirst("^pg_dump: (error: )?", ""))
            .collect(Collectors.joining(" "));
    var detail = said.isBlank() ? "pg_dump ended with exit code " + exitCode : "pg_dump: " + said;
    var outcome = outcome(said);
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

  private static Outcome outcome(String said) {
    if (said.contains("permission denied")) {
      return Outcome.INSUFFICIENT_PRIVILEGE;
    }
    if (said.contains("server closed the connection") || said.contains("terminating connection")) {
      return Outcome.CONNECTION_LOST;
    }
    if (said.contains("connection to server")) {
      return Outcome.UNREACHABLE;
    }
    return said.contains("lock timeout") ? Outcome.LOCK_TIMEOUT : Outcome.BACKUP_FAILED;
  }
}
