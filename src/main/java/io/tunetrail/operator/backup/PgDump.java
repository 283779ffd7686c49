package io.tunetrail.operator.backup;

import io.tunetrail.operator.database.PostgresClients.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * pg_dump of one database: by one session an archive in custom format on its standard output, by
 * more a directory, which is packed once it is whole.
 *
 * @param jobs sessions at once
 * @param directory that is not there yet, in a folder with room for the archive
 */
record PgDump(Programs programs, ClientConnection connection, int jobs, Path directory) {
  static final String CUSTOM = "custom";
  static final String DIRECTORY = "directory";

  private static final int FIRST_WITH_ZSTD = 16;

  /** As pg_restore has it. */
  String format() {
    return jobs > 1 ? DIRECTORY : CUSTOM;
  }

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
                "--format=" + format(),
                "--compress=" + compression(),
                "--snapshot=" + snapshot,
                "--lock-wait-timeout=" + lockTimeout.toMillis(),
                "--no-password"));
    if (connection.settings().role() != null) {
      command.add("--role=" + connection.settings().role());
    }
    if (jobs > 1) {
      command.add("--jobs=" + jobs);
      command.add("--file=" + directory);
    }
    return connection.start(command);
  }

  /**
   * The bytes to be stored; of a program that failed there are none, or not all.
   *
   * @param process that {@link #start} started
   */
  InputStream archive(Process process) throws IOException, InterruptedException {
    if (jobs == 1) {
      return process.getInputStream();
    }
    return process.waitFor() == 0 ? PackedDirectory.pack(directory) : InputStream.nullInputStream();
  }

  /** What it calls itself. */
  String version() throws IOException {
    var process = new ProcessBuilder(programs.dump().toString(), "--version").start();
    try (var words = process.getInputStream()) {
      return new String(words.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }
}
