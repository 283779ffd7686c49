package io.tunetrail.operator.backup;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.WorkResult;
import java.util.List;
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
            .map(it -> it.replaceFirst("^pg_dump: (error: )?", ""))
            .collect(Collectors.joining(" "));
    var detail = said.isBlank() ? "pg_dump ended with exit code " + exitCode : "pg_dump: " + said;
    return WorkResult.failed(outcome(said), detail + SqlFailure.missingGrant(said, settings));
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
