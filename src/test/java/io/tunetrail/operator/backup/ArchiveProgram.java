package io.tunetrail.operator.backup;

import io.tunetrail.operator.database.PostgresClients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Stands in for pg_dump and pg_restore, which no Maven package holds: an archive is plain SQL, of
 * which a part may begin with its entry of the table of contents, after {@value #ENTRY}. What it
 * restores runs on the real server, by the login and role that libpq's variables and the options
 * name.
 */
final class ArchiveProgram {
  static final String ENTRY = "--entry ";

  private static final String CONTENTS = "toc.dat";

  private ArchiveProgram() {}

  /** Programs of this major in a folder as the image has it. */
  static PostgresClients install(Path folder, int major) throws IOException {
    var bin = Files.createDirectories(folder.resolve(Path.of(Integer.toString(major), "bin")));
    for (var name : List.of("pg_dump", "pg_restore")) {
      var program = bin.resolve(name);
      Files.writeString(
          program,
          """
          #!/bin/sh
          LC_ALL=C.UTF-8 exec '%s' -XX:TieredStopAtLevel=1 -cp '%s' %s %s "$@"
          """
              .formatted(
                  Path.of(System.getProperty("java.home"), "bin", "java"),
                  System.getProperty("java.class.path"),
                  ArchiveProgram.class.getName(),
                  name));
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return new PostgresClients(folder);
  }

  public static void main(String[] args) throws IOException {
    var options = List.of(args);
    if (options.contains("--version")) {
      System.out.println("pg_dump (PostgreSQL) of a test");
    } else if (options.getFirst().equals("pg_dump")) {
      dump(options);
    } else if (options.contains("--list")) {
      parts(options)
          .map(ArchiveProgram::entry)
          .flatMap(Optional::stream)
          .forEach(System.out::println);
    } else {
      System.exit(restore(options));
    }
  }

  private static int restore(List<String> options) throws IOException {
    var database = value(options, "--dbname=").orElseThrow().replaceAll("^dbname='|'$", "");
    try (var connection = connect(database);
        var statement = connection.createStatement()) {
      var role = value(options, "--role=");
      if (role.isPresent()) {
        statement.execute("SET ROLE \"" + role.get() + '"');
      }
      for (var part : parts(options).filter(it -> isWanted(it, options)).toList()) {
        statement.execute(part);
      }
      return 0;
    } catch (SQLException e) {
      System.err.println("pg_restore: error: could not execute query: " + e.getMessage());
      return 1;
    }
  }

  private static void dump(List<String> options) throws IOException {
    var text = "-- of " + System.getenv("PGDATABASE") + '\n';
    var directory = value(options, "--file=");
    if (directory.isEmpty()) {
      System.out.print(text);
      return;
    }
    var folder = Files.createDirectory(Path.of(directory.get()));
    Files.writeString(folder.resolve(CONTENTS), text);
    Files.writeString(folder.resolve("1.dat"), "");
  }

  /** What does not begin as an option does is an archive, here always a folder. */
  private static Stream<String> parts(List<String> options) throws IOException {
    var last = options.getLast();
    var sql =
        last.startsWith("--")
            ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
            : Files.readString(Path.of(last).resolve(CONTENTS));
    return Stream.of(sql.split("\n--;\n", -1));
  }

  private static Optional<String> entry(String part) {
    return part.lines()
        .filter(it -> it.startsWith(ENTRY))
        .map(it -> it.substring(ENTRY.length()))
        .findFirst();
  }

  private static boolean isWanted(String part, List<String> options) {
    var list = value(options, "--use-list=");
    try {
      return list.isEmpty()
          || entry(part).isEmpty()
          || Files.readAllLines(Path.of(list.get())).contains(entry(part).get());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> value(List<String> options, String name) {
    return Stream.of(options.toArray(new String[0]))
        .filter(it -> it.startsWith(name))
        .map(it -> it.substring(name.length()))
        .findFirst();
  }

  private static Connection connect(String database) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", System.getenv("PGUSER"));
    properties.setProperty("password", System.getenv("PGPASSWORD"));
    properties.setProperty("sslmode", System.getenv("PGSSLMODE"));
    properties.setProperty("sslrootcert", System.getenv("PGSSLROOTCERT"));
    properties.setProperty("ApplicationName", System.getenv("PGAPPNAME"));
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%s/%s"
            .formatted(System.getenv("PGHOST"), System.getenv("PGPORT"), database),
        properties);
  }
}
