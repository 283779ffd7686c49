package io.tunetrail.operator.database;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * PostgreSQL's own programs, as the image has them for several majors.
 *
 * @param folder holds {@code MAJOR/bin} for each, as Debian's packages lay them
 */
public record PostgresClients(Path folder) {
  /** Debian's suites have no 14 and no 16, and majors to come are looked for, too. */
  private static final int NEWEST_LOOKED_FOR = 40;

  /** Those of the operator's image. */
  public static PostgresClients installed() {
    return new PostgresClients(Path.of("/usr/lib/postgresql"));
  }

  /**
   * The programs that fit a server: those of its own major; where the image has none, the oldest
   * newer ones, which dump it, but whose archives hold settings that an older server doesn't know.
   * Empty where all are older than the server, for such refuse it.
   */
  public Optional<Programs> of(int serverMajor) {
    return IntStream.rangeClosed(serverMajor, NEWEST_LOOKED_FOR)
        .mapToObj(major -> new Programs(major, folder.resolve(Path.of(major + "", "bin"))))
        .filter(it -> Files.isExecutable(it.dump()))
        .findFirst();
  }

  /**
   * The programs of one major.
   *
   * @param folder where they lie
   */
  public record Programs(int major, Path folder) {

    /** pg_dump. */
    public Path dump() {
      return folder.resolve("pg_dump");
    }

    /** pg_restore. */
    public Path restore() {
      return folder.resolve("pg_restore");
    }

    /** psql. */
    public Path psql() {
      return folder.resolve("psql");
    }
  }
}
