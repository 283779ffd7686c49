package io.tunetrail.operator.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Work from here, without any cluster. */
final class LocalOptions {
  @Option(
      names = "--local",
      paramLabel = "FILE",
      description = {
        "Without any cluster: on the database of the TuneTrailDatabase in this file, with the",
        "ConfigMaps and the Secret in it; PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD,"
            + " PGSSLMODE",
        "and PGSSLROOTCERT win over them."
      })
  private @Nullable Path manifest;

  @Option(
      names = "--sql",
      paramLabel = "FOLDER",
      description = "With --local: takes this folder's files instead of the ConfigMaps'.")
  private @Nullable Path sql;

  @Option(
      names = "--project",
      paramLabel = "FOLDER",
      description = {
        "With --local: where an image's commands run instead, as the folder of alembic.ini; they",
        "find the database as in their image."
      })
  private @Nullable Path project;

  @Option(
      names = "--python",
      paramLabel = "PROGRAM",
      description = {
        "With --project: the project's Python; that of the active virtual environment, or python3,",
        "where it is left out."
      })
  private @Nullable String python;

  boolean isGiven() {
    return manifest != null;
  }

  /**
   * What the options name.
   *
   * @param name of the resource; null where the file has one alone
   * @param target instead of that of the file; null: that
   */
  LocalProject project(@Nullable String name, @Nullable String target) throws CommandFailure {
    return project(name, target, false);
  }

  /** The same, which may go back to the target. */
  LocalProject back(@Nullable String name, String target) throws CommandFailure {
    return project(name, target, true);
  }

  private LocalProject project(@Nullable String name, @Nullable String target, boolean undo)
      throws CommandFailure {
    if (manifest == null) {
      throw new IllegalStateException("asked only where the option is given");
    }
    var environment = System.getenv();
    var authority = environment.get("PGSSLROOTCERT");
    return LocalProject.parse(
        read(manifest),
        new LocalProject.Request(
            name,
            target,
            undo,
            sql == null ? null : files(sql),
            authority == null ? null : read(Path.of(authority)),
            environment,
            project == null
                ? null
                : LocalPython.of(project, python, environment.get("VIRTUAL_ENV"))));
  }

  private static Map<String, String> files(Path folder) throws CommandFailure {
    var files = new TreeMap<String, String>();
    try (var entries = Files.list(folder)) {
      for (var file : entries.filter(Files::isRegularFile).toList()) {
        files.put(file.getFileName().toString(), read(file));
      }
      return files;
    } catch (IOException e) {
      throw new CommandFailure("there is no folder %s that can be read".formatted(folder));
    }
  }

  private static String read(Path file) throws CommandFailure {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CommandFailure(
          "%s can't be read as UTF-8 text: %s".formatted(file, e.getMessage()));
    }
  }
}
