package io.tunetrail.operator.backup;

import io.tunetrail.operator.backup.BackupStore.Written;
import io.tunetrail.operator.database.PostgresClients.Programs;
import io.tunetrail.operator.migration.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * pg_restore of an archive, as it streams by or, of a folder or a large file, by several sessions,
 * into the database that the connection names; any error of the archive's fails it. It runs the
 * archive's SQL and none of psql's meta-commands.
 *
 * @param serverMajor of the server that it restores to
 * @param jobs sessions at once
 */
record PgRestore(
    Programs programs, int serverMajor, ClientConnection connection, Options options, int jobs) {
  private static final int BUFFER = 1 << 18;
  private static final int FIRST_LINES = 10;

  /** Of a smaller archive another session costs more than it saves; in bytes. */
  private static final long WORTH_JOBS = 4 << 20;

  private static final String ERROR = "pg_restore: error: ";

  /** Sent unasked to whatever server, also to one that does not know it. */
  private static final int FIRST_WITH_TRANSACTION_TIMEOUT = 17;

  private static final String TRANSACTION_TIMEOUT = "Command was: SET transaction_timeout = 0;";

  /**
   * What of the archive is restored.
   *
   * @param owners whether objects get their owners back, which the login must be a member of
   * @param privileges whether grants come back
   * @param role that it becomes first; null: the connection's own
   */
  record Options(boolean owners, boolean privileges, @Nullable String role) {}

  /**
   * How it ended.
   *
   * @param archive what was read, always to its end
   * @param words the first lines of its standard error; later ones tell of the command that failed
   */
  record Ended(int exitCode, boolean succeeded, Written archive, List<String> words) {

    /** For the person who must act. */
    String detail() {
      return said().detail(exitCode);
    }

    /** What a failure means; {@code otherwise} for what is wrong with the archive or its SQL. */
    Outcome outcome(Outcome otherwise) {
      return said().outcome(otherwise);
    }

    private ClientWords said() {
      return new ClientWords("pg_restore", words);
    }
  }

  /**
   * Restores it and waits for the end.
   *
   * @param archive read to its end whatever pg_restore does, so that a damaged one is known
   * @throws IOException where the archive could not be read, or the program not be started
   */
  Ended restore(StoredArchive archive) throws IOException, InterruptedException {
    return restore(archive, List.of());
  }

  /**
   * The same of those entries alone.
   *
   * @param entries a file with lines of {@link #contents}
   */
  Ended restore(StoredArchive archive, Path entries) throws IOException, InterruptedException {
    return restore(archive, List.of("--use-list=" + entries));
  }

  private Ended restore(StoredArchive archive, List<String> selection)
      throws IOException, InterruptedException {
    var file = readByItself(archive);
    var command = command(archive);
    command.addAll(selection);
    file.ifPresent(it -> command.addAll(reading(it)));
    var process = connection.start(command);
    try {
      var reading = new FutureTask<>(() -> words(process));
      Thread.ofPlatform().daemon().name("words").start(reading);
      var read = passed(archive, process.getOutputStream(), file.isEmpty());
      int exitCode = process.waitFor();
      var words = reading.get();
      boolean succeeded = exitCode == 0 || (toOlderServer() && words.onlyTheSetting());
      return new Ended(exitCode, succeeded, read, words.lines());
    } catch (ExecutionException e) {
      throw new IOException("what pg_restore said can't be read: " + e.getMessage(), e);
    } finally {
      process.destroyForcibly();
    }
  }

  private Optional<Path> readByItself(StoredArchive archive) throws IOException {
    var file = archive.file();
    if (file.isEmpty() || archive.isFolder()) {
      return file;
    }
    return toOlderServer() || Files.size(file.get()) < WORTH_JOBS ? Optional.empty() : file;
  }

  /** Where each session would say that the server does not know a setting, there is but one. */
  private List<String> reading(Path file) {
    return toOlderServer() ? List.of(file.toString()) : List.of("--jobs=" + jobs, file.toString());
  }

  /**
   * The archive's table of contents, a line an entry; of a damaged one what can be told.
   *
   * @param archive read no further than needed
   */
  List<String> contents(StoredArchive archive) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(programs.restore().toString(), "--list"));
    if (archive.isFolder()) {
      archive.file().ifPresent(it -> command.add(it.toString()));
    }
    var process = connection.start(command);
    try {
      process.getErrorStream().close();
      var reading = new FutureTask<>(() -> process.inputReader().lines().toList());
      Thread.ofPlatform().daemon().name("contents").start(reading);
      var buffer = new byte[BUFFER];
      int read = archive.read(buffer);
      while (read >= 0 && taken(process.getOutputStream(), buffer, read)) {
        read = archive.read(buffer);
      }
      close(process.getOutputStream());
      return reading.get();
    } catch (ExecutionException e) {
      throw new IOException("pg_restore's list can't be read: " + e.getMessage(), e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** Whether the server does not know a setting that the program sends it. */
  private boolean toOlderServer() {
    return programs.major() >= FIRST_WITH_TRANSACTION_TIMEOUT
        && serverMajor < FIRST_WITH_TRANSACTION_TIMEOUT;
  }

  /**
   * What it said.
   *
   * @param lines the first ones
   * @param errors how many there were
   */
  private record Words(List<String> lines, int errors) {

    boolean onlyTheSetting() {
      return errors == 1 && lines.contains(TRANSACTION_TIMEOUT);
    }
  }

  private static Words words(Process process) throws IOException {
    var lines = new ArrayList<String>();
    int errors = 0;
    try (var reader = process.errorReader()) {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        errors += line.startsWith(ERROR) ? 1 : 0;
        if (lines.size() < FIRST_LINES) {
          lines.add(line);
        }
      }
    }
    return new Words(lines, errors);
  }

  private List<String> command(StoredArchive archive) {
    var command =
        new ArrayList<>(
            List.of(
                programs.restore().toString(),
                "--format=" + (archive.isFolder() ? PgDump.DIRECTORY : PgDump.CUSTOM),
                "--dbname=" + database(),
                "--no-password"));
    if (!toOlderServer()) {
      command.add("--exit-on-error");
    }
    if (!options.owners()) {
      command.add("--no-owner");
    }
    if (!options.privileges()) {
      command.add("--no-privileges");
    }
    var role = options.role() == null ? connection.settings().role() : options.role();
    if (role != null) {
      command.add("--role=" + role);
    }
    return command;
  }

  /** As libpq reads it: a bare name with an equals sign would be more than a name. */
  private String database() {
    var name = connection.settings().database().replace("\\", "\\\\").replace("'", "\\'");
    return "dbname='" + name + "'";
  }

  /**
   * What was stored, once all of it was read.
   *
   * @param asked whether the program is given it, and does not read a file by itself
   */
  private static Written passed(StoredArchive archive, OutputStream program, boolean asked)
      throws IOException {
    var buffer = new byte[BUFFER];
    int read = asked ? archive.read(buffer) : -1;
    while (read >= 0 && taken(program, buffer, read)) {
      read = archive.read(buffer);
    }
    close(program);
    return archive.drained();
  }

  /** Whether it still reads; its exit code says whether it ended well. */
  private static boolean taken(OutputStream program, byte[] buffer, int length) {
    try {
      program.write(buffer, 0, length);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void close(OutputStream program) {
    try {
      program.close();
    } catch (IOException e) {
      // What it did not read any more.
    }
  }
}
