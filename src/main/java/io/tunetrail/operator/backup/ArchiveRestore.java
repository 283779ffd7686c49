package io.tunetrail.operator.backup;

import io.tunetrail.operator.backup.BackupStore.Written;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.DatabaseContent.TableRows;
import io.tunetrail.operator.database.Fence;
import io.tunetrail.operator.database.PostgresClients.Programs;
import io.tunetrail.operator.database.RestoreObstacles;
import io.tunetrail.operator.database.Snapshot;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.WorkLog;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings one archive into an empty database by the database's own login, and sees that it holds
 * then what the manifest says.
 *
 * @param connection the login's way into that database
 */
record ArchiveRestore(
    ArchiveSource source, Programs programs, int serverMajor, ClientConnection connection) {
  private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(1);

  /**
   * As in {@code 5; 2615 2200 SCHEMA - public postgres}: what a server made before 15, or brought
   * here by pg_upgrade, has as the superuser's own, and no login of a database can make so.
   */
  private static final Pattern PUBLIC =
      Pattern.compile("\\d+; \\d+ \\d+ SCHEMA - public (?<owner>.+)");

  private static final PgRestore.Options OPTIONS = new PgRestore.Options(true, true, null);

  /**
   * Restores it; a damaged archive is told from one whose SQL fails.
   *
   * @param fence a session of the login's in that database
   */
  void restore(Fence fence, WorkLog log) throws RestoreFailure, StorageFailed, SQLException {
    try {
      var restore =
          new PgRestore(programs, serverMajor, connection, OPTIONS, manifest().sessions());
      var ended = restored(restore, fence, log);
      requireWhole(ended.archive());
      if (!ended.succeeded()) {
        throw new RestoreFailure(outcome(ended), ended.detail());
      }
    } catch (KeyUnfit e) {
      throw new RestoreFailure(Outcome.BACKUP_KEY_UNFIT, e.words());
    } catch (IOException e) {
      throw new RestoreFailure(
          Outcome.RESTORE_FAILED, "%s: %s".formatted(manifest().archive(), e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RestoreFailure(Outcome.LOST, "the restore was asked to end");
    }
  }

  private PgRestore.Ended restored(PgRestore restore, Fence fence, WorkLog log)
      throws StorageFailed, KeyUnfit, SQLException, IOException, InterruptedException {
    List<String> contents;
    try (var archive = source.open()) {
      contents = restore.contents(archive);
    }
    var owner = publicSchemaOwner(contents);
    try (var archive = source.open()) {
      if (owner.isEmpty() || fence.<Boolean>ask(it -> RestoreObstacles.mayActAs(it, owner.get()))) {
        return restore.restore(archive);
      }
      log.line(
          "schema public keeps the owner that it has here, and does not become "
              + owner.get()
              + "'s");
      var entries = connection.temporary().resolve("entries");
      Files.write(entries, contents.stream().filter(it -> !PUBLIC.matcher(it).matches()).toList());
      return restore.restore(archive, entries);
    }
  }

  private Manifest manifest() {
    return source.manifest();
  }

  private static Optional<String> publicSchemaOwner(List<String> contents) {
    return contents.stream()
        .map(PUBLIC::matcher)
        .filter(Matcher::matches)
        .map(it -> it.group("owner"))
        .findFirst();
  }

  /** What the archive asks for in vain it asks for in vain the next time, too. */
  private static Outcome outcome(PgRestore.Ended ended) {
    var outcome = ended.outcome(Outcome.RESTORE_FAILED);
    return outcome == Outcome.UNREACHABLE || outcome == Outcome.CONNECTION_LOST
        ? outcome
        : Outcome.RESTORE_FAILED;
  }

  private void requireWhole(Written read) throws RestoreFailure {
    if (read.bytes() != manifest().sizeBytes()) {
      throw new RestoreFailure(
          Outcome.RESTORE_FAILED,
          "%s is damaged: it has %d bytes, and had %d when it was written"
              .formatted(manifest().archive(), read.bytes(), manifest().sizeBytes()));
    }
    if (!read.sha256().equals(manifest().sha256())) {
      throw new RestoreFailure(
          Outcome.RESTORE_FAILED,
          "%s is damaged: its SHA-256 is %s, and was %s when it was written"
              .formatted(manifest().archive(), read.sha256(), manifest().sha256()));
    }
  }

  /** What it holds now; fails where that is not what the manifest says. */
  List<TableRows> compared(Fence fence) throws SQLException, RestoreFailure {
    List<TableRows> rows;
    try (var snapshot = Snapshot.take(fence, LOCK_TIMEOUT)) {
      rows = snapshot.rows();
    }
    var differences = ManifestComparison.differences(manifest().tables(), rows);
    if (differences.isPresent()) {
      throw new RestoreFailure(Outcome.RESTORE_DIFFERS, differences.get());
    }
    return rows;
  }

  ConnectionSettings settings() {
    return connection.settings();
  }
}
