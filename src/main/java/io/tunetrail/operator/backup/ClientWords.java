package io.tunetrail.operator.backup;

import io.tunetrail.operator.migration.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What one of PostgreSQL's own programs said last, and what it means.
 *
 * @param program its name
 * @param words the last lines of its standard error
 */
record ClientWords(String program, List<String> words) {
  private static final int LAST = 10;

  /** Reads its standard error to the end; the last lines say why it ended. */
  static List<String> last(Process process) throws IOException {
    var lines = new ArrayList<String>();
    try (var reader = process.errorReader()) {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
        if (lines.size() > LAST) {
          lines.removeFirst();
        }
      }
    }
    return lines;
  }

  /** With the program's name before it; without the program's own query, which helps nobody. */
  String detail(int exitCode) {
    var said = said();
    return said.isBlank()
        ? "%s ended with exit code %d".formatted(program, exitCode)
        : program + ": " + said;
  }

  private String said() {
    return words.stream()
        .filter(it -> !it.startsWith(program + ": detail: Query was:"))
        .map(it -> it.replaceFirst("^" + program + ": (error: )?", ""))
        .collect(Collectors.joining(" "));
  }

  /** What it means; {@code otherwise} for what is wrong with the work itself. */
  Outcome outcome(Outcome otherwise) {
    var said = said();
    if (said.contains("permission denied")) {
      return Outcome.INSUFFICIENT_PRIVILEGE;
    }
    if (said.contains("server closed the connection") || said.contains("terminating connection")) {
      return Outcome.CONNECTION_LOST;
    }
    if (said.contains("password authentication failed")) {
      return Outcome.AUTHENTICATION_FAILED;
    }
    if (said.contains("connection to server")) {
      return Outcome.UNREACHABLE;
    }
    return said.contains("lock timeout") ? Outcome.LOCK_TIMEOUT : otherwise;
  }
}
