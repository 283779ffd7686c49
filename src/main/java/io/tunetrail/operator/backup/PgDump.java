package io.tunetrail.operator.backup;

import io.tunetrail.operator.database.PostgresClients.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** pg_dump of one database: an archive in custom format on its standard output. */
record PgDump(Programs programs, ClientConnection connection) {
  static final String FORMAT = "custom";

  private static final int FIRST_WITH_ZSTD = 16;

  /** As pg_dump's option has it; gzip's fastest costs less than it saves. */
  String compression() {
    return programs.major() >= FIRST_WITH_ZSTD ? "zstd" : "1";
  }

  /**
   * Starts it.
   *
   * @param snapshot of an open session
   * @param lockTimeout longest wait for a table that is being changed
   */
  Process start(String snapshot, Duration lockTimeout) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                programs.dump().toString(),
                "--format=" + FORMAT,
                "--compress=" + compression(),
                "--snapshot=" + snapshot,
                "--lock-wait-timeout=" + lockTimeout.toMillis(),
                "--no-password"));
    if (connection.settings().role() != null) {
      command.add("--role=" + connection.settings().role());
    }
    return connection.start(command);
  }

  /** What it calls itself. */
  String version() throws IOException {
    var process = new ProcessBuilder(programs.dump().toString(), "--version").start();
    try (var words = process.getInputStream()) {
      return new String(words.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }
}
