package io.tunetrail.operator.backup;

import io.tunetrail.operator.backup.BackupRetention.Kept;
import io.tunetrail.operator.backup.BackupStore.Written;
import io.tunetrail.operator.database.CatalogDescription;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.DatabaseContent;
import io.tunetrail.operator.database.DatabaseContent.TableRows;
import io.tunetrail.operator.database.EngineTables;
import io.tunetrail.operator.database.Fence;
import io.tunetrail.operator.database.PostgresClients;
import io.tunetrail.operator.database.Snapshot;
import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Outcomes;
import io.tunetrail.operator.migration.WorkLog;
import io.tunetrail.operator.migration.WorkOrder;
import io.tunetrail.operator.migration.WorkResult;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * One backup's straight line: fence, snapshot, pg_dump, manifest, retention.
 *
 * @param safety whether it is of what a restore is about to replace: its name says so, nothing is
 *     removed for it, and the restore's fence stays held
 */
record BackupRun(
    WorkOrder order,
    BackupOrder backup,
    String job,
    ConnectionSettings settings,
    PostgresClients clients,
    WorkLog log,
    boolean safety) {
  private static final Path TEMPORARY = Path.of("/tmp");

  /** How long a migration, or a server that is away, is waited for. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(10);
  private static final long PAUSE = 5_000;
  private static final int LONGEST_APPLICATION_NAME = 63;
  private static final String APPLICATION = "tunetrail-backup/";

  WorkResult run() {
    var store = backup.store().open();
    try {
      store.prepare(Instant.now());
      return fenced(store);
    } catch (StorageFailed e) {
      return WorkResult.failed(Outcome.BACKUP_STORAGE_FAILED, String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      var failure = SqlFailure.of(e, settings);
      return WorkResult.failed(Outcomes.beforeWork(failure.reason()), failure.detail());
    }
  }

  private WorkResult fenced(BackupStore store) throws SQLException, StorageFailed {
    log.line("%s for %s: waiting for migrations".formatted(job, order.resource()));
    return switch (attempt()) {
      case Fence.Attempt.Refused refused ->
          WorkResult.failed(Outcomes.duringWork(refused.reason()), refused.detail());
      case Fence.Attempt.Held held -> {
        try (var fence = held.fence()) {
          yield behind(fence, store);
        }
      }
    };
  }

  /** The same behind a fence that is held already, in a place that is prepared. */
  WorkResult behind(Fence fence, BackupStore store) throws SQLException, StorageFailed {
    try (var snapshot = Snapshot.take(fence, LOCK_TIMEOUT)) {
      return dumped(store, fence, snapshot);
    }
  }

  /** A server that is away for a while costs no night's backup. */
  private Fence.Attempt attempt() throws SQLException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      var left = Duration.ofNanos(deadline - System.nanoTime());
      try {
        return Fence.acquireShared(settings, applicationName(), left);
      } catch (SQLException e) {
        boolean passes = SqlFailure.of(e, settings).lost();
        if (!passes || left.isNegative() || !Fence.pause(PAUSE)) {
          throw e;
        }
        log.line("trying again: " + SqlFailure.of(e, settings).detail());
      }
    }
  }

  /** The beginning tells that it is a backup, the end which one. */
  private String applicationName() {
    int room = LONGEST_APPLICATION_NAME - APPLICATION.length();
    return APPLICATION + (job.length() <= room ? job : job.substring(job.length() - room));
  }

  private WorkResult dumped(BackupStore store, Fence fence, Snapshot snapshot)
      throws SQLException, StorageFailed {
    var started = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    var content = snapshot.content(histories());
    int major = content.serverVersion() / 10_000;
    var programs = clients.of(major);
    if (programs.isEmpty()) {
      return WorkResult.failed(
          Outcome.BACKUP_FAILED, "the image has no pg_dump for PostgreSQL %d".formatted(major));
    }
    var name = BackupName.of(backup.resource(), started, safety);
    var directory = backup.store().workspace().resolve(name);
    var connection = new ClientConnection(settings, TEMPORARY, applicationName());
    var dump = new PgDump(programs.get(), connection, backup.store().jobs(), directory);
    var cleaning = new Thread(() -> store.discard(name));
    Runtime.getRuntime().addShutdownHook(cleaning);
    try {
      return written(store, fence, snapshot, dump, content, name, started);
    } catch (ExecutionException e) {
      return besides(e.getCause());
    } catch (KeyUnfit e) {
      return WorkResult.failed(Outcome.BACKUP_KEY_UNFIT, e.words());
    } catch (IOException | InterruptedException e) {
      return WorkResult.failed(
          Outcome.BACKUP_FAILED, "%s: %s".formatted(dump.programs().dump(), e.getMessage()));
    } finally {
      store.discard(name);
      cleared(directory);
      Runtime.getRuntime().removeShutdownHook(cleaning);
    }
  }

  /** What comes after it in this pod needs the room. */
  private void cleared(Path directory) {
    try {
      PackedDirectory.delete(directory);
    } catch (IOException e) {
      log.line("%s stays until the pod goes: %s".formatted(directory, e.getMessage()));
    }
  }

  /** Of what was done beside the dump. */
  private WorkResult besides(@Nullable Throwable cause) {
    if (cause instanceof SQLException e) {
      var failure = SqlFailure.of(e, settings);
      return WorkResult.failed(
          Outcomes.duringWork(failure.reason()),
          "reading the catalog and counting rows: " + failure.detail());
    }
    return WorkResult.failed(Outcome.INTERNAL_ERROR, String.valueOf(cause));
  }

  private EngineTables histories() {
    if (order.alembic() != null) {
      return new EngineTables(order.alembic().versionTableSchema(), order.alembic().versionTable());
    }
    return new EngineTables(null, order.flyway() == null ? null : order.flyway().table());
  }

  private WorkResult written(
      BackupStore store,
      Fence fence,
      Snapshot snapshot,
      PgDump dump,
      DatabaseContent content,
      String name,
      Instant started)
      throws SQLException,
          StorageFailed,
          KeyUnfit,
          IOException,
          InterruptedException,
          ExecutionException {
    log.line(
        "%s of PostgreSQL %d writes %s"
            .formatted(dump.version(), content.serverVersion() / 10_000, name));
    var process = dump.start(snapshot.id(), LOCK_TIMEOUT);
    try {
      var words = beside("words", () -> ClientWords.last(process));
      var counted = beside("rows", () -> counted(process, fence, snapshot));
      var keys = backup.store().archiveKeys();
      var archive = dump.archive(process);
      var written = store.write(name, keys == null ? archive : keys.encrypting(archive));
      int exitCode = process.waitFor();
      if (exitCode != 0) {
        return DumpFailure.of(exitCode, words.get(), settings);
      }
      var encryption = keys == null ? null : keys.encryption();
      var manifest = manifest(name, dump, content, counted.get(), written, started, encryption);
      store.publish(manifest);
      return retained(store, manifest);
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * A migration or VACUUM waits for no archive to be stored once the dump has all that it needs.
   */
  private Counted counted(Process dump, Fence fence, Snapshot snapshot)
      throws SQLException, InterruptedException {
    var counted = Counted.in(snapshot);
    dump.waitFor();
    snapshot.close();
    if (!safety) {
      fence.close();
    }
    return counted;
  }

  private Manifest manifest(
      String name,
      PgDump dump,
      DatabaseContent content,
      Counted counted,
      Written written,
      Instant started,
      Manifest.@Nullable Encryption encryption)
      throws IOException {
    return new Manifest(
        Manifest.FORMAT,
        name,
        order.resource(),
        job,
        name + ".dump",
        dump.format(),
        dump.compression(),
        dump.version(),
        content,
        counted.rows(),
        written.bytes(),
        written.sha256(),
        started.toString(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        counted.catalog(),
        encryption,
        dump.jobs() > 1 ? dump.jobs() : null);
  }

  /** What is read beside the dump, of its snapshot. */
  private record Counted(CatalogDescription catalog, List<TableRows> rows) {

    static Counted in(Snapshot snapshot) throws SQLException {
      return new Counted(snapshot.catalog(), snapshot.rows());
    }
  }

  /** A backup is no less one because an old one stays. */
  private WorkResult retained(BackupStore store, Manifest manifest) {
    var report =
        new BackupReport(
            manifest.name(),
            backup.store().location() + "/" + manifest.archive(),
            manifest.sizeBytes(),
            manifest.sha256(),
            List.of(),
            0);
    var removed = new ArrayList<String>();
    String message = null;
    try {
      for (var old : superfluous(store)) {
        store.remove(old);
        removed.add(old.name());
        log.line("removed " + old.name());
      }
    } catch (StorageFailed e) {
      message = "old backups stay: " + e.getMessage();
    }
    var content = manifest.content();
    var version = content == null ? null : content.migrationVersion();
    return new WorkResult(Outcome.DONE, version, version, 0, message, report.removing(removed));
  }

  private List<Kept> superfluous(BackupStore store) throws StorageFailed {
    return safety ? List.of() : backup.retention().superfluous(store.kept(), Instant.now());
  }

  private static <T> FutureTask<T> beside(String name, Callable<T> work) {
    var task = new FutureTask<>(work);
    Thread.ofPlatform().daemon().name(name).start(task);
    return task;
  }
}
