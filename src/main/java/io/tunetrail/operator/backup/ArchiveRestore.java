package io.tunetrail.operator.backup;

import io.tunetrail.operator.backup.BackupStore.Written;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.DatabaseContent.TableRows;
import io.tunetrail.operator.database.Fence;
import io.tunetrail.operator.database.PostgresClients.Programs;
import io.tunetrail.operator.database.Snapshot;
import io.tunetrail.operator.migration.Outcome;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Brings one archive into an empty database by the database's own login, and sees that it holds
 * then what the manifest says.
 *
 * @param connection the login's way into that database
 */
record ArchiveRestore(
    BackupStore store,
    Manifest manifest,
    Programs programs,
    int serverMajor,
    ClientConnection connection) {
  private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(1);
  private static final PgRestore.Options OPTIONS = new PgRestore.Options(true, true, null);

  /** Restores it; a damaged archive is told from one whose SQL fails. */
  void restore() throws RestoreFailure, StorageFailed {
    try (var archive = store.read(manifest.name())) {
      var ended = new PgRestore(programs, serverMajor, connection, OPTIONS).restore(archive);
      requireWhole(ended.archive());
      if (!ended.succeeded()) {
        throw new RestoreFailure(outcome(ended), ended.detail());
      }
    } catch (IOException e) {
      throw new RestoreFailure(
          Outcome.RESTORE_FAILED, "%s: %s".formatted(manifest.archive(), e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RestoreFailure(Outcome.LOST, "the restore was asked to end");
    }
  }

  /** What the archive asks for in vain it asks for in vain the next time, too. */
  private static Outcome outcome(PgRestore.Ended ended) {
    var outcome = ended.outcome(Outcome.RESTORE_FAILED);
    return outcome == Outcome.UNREACHABLE || outcome == Outcome.CONNECTION_LOST
        ? outcome
        : Outcome.RESTORE_FAILED;
  }

  private void requireWhole(Written read) throws RestoreFailure {
    if (read.bytes() != manifest.sizeBytes()) {
      throw new RestoreFailure(
          Outcome.RESTORE_FAILED,
          "%s is damaged: it has %d bytes, and had %d when it was written"
              .formatted(manifest.archive(), read.bytes(), manifest.sizeBytes()));
    }
    if (!read.sha256().equals(manifest.sha256())) {
      throw new RestoreFailure(
          Outcome.RESTORE_FAILED,
          "%s is damaged: its SHA-256 is %s, and was %s when it was written"
              .formatted(manifest.archive(), read.sha256(), manifest.sha256()));
    }
  }

  /** What it holds now; fails where that is not what the manifest says. */
  List<TableRows> compared(Fence fence) throws SQLException, RestoreFailure {
    List<TableRows> rows;
    try (var snapshot = Snapshot.take(fence, LOCK_TIMEOUT)) {
      rows = snapshot.rows();
    }
    var differences = ManifestComparison.differences(manifest.tables(), rows);
    if (differences.isPresent()) {
      throw new RestoreFailure(Outcome.RESTORE_DIFFERS, differences.get());
    }
    return rows;
  }

  ConnectionSettings settings() {
    return connection.settings();
  }
}
