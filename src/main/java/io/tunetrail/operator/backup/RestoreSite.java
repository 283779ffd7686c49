package io.tunetrail.operator.backup;

import io.tunetrail.operator.database.Administration;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.DatabaseContent;
import io.tunetrail.operator.database.DatabaseLocale;
import io.tunetrail.operator.database.DatabaseTraits;
import io.tunetrail.operator.database.Fence;
import io.tunetrail.operator.database.PostgresClients;
import io.tunetrail.operator.database.Replacement;
import io.tunetrail.operator.database.RestoreNames;
import io.tunetrail.operator.database.RestoreObstacles;
import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Outcomes;
import io.tunetrail.operator.migration.WorkLog;
import io.tunetrail.operator.migration.WorkOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every restore does, wherever it goes.
 *
 * @param login the database's own, which brings the archive's content in
 * @param admin makes and renames databases, in one that is none of those
 */
record RestoreSite(
    WorkOrder order,
    RestoreOrder restore,
    ConnectionSettings login,
    ConnectionSettings admin,
    PostgresClients clients,
    BackupStore store,
    RestoreProgress progress,
    WorkLog log) {
  private static final Path TEMPORARY = Path.of("/tmp");

  /** While sessions end, nobody gets into the live database. */
  static final Duration SWAP_PATIENCE = Duration.ofSeconds(20);

  RestoreNames names() {
    return new RestoreNames(restore.restore());
  }

  String applicationName() {
    return "tunetrail/" + order.job();
  }

  Administration administration() throws SQLException {
    return Administration.open(admin, applicationName());
  }

  DatabaseTraits live(Administration session) throws SQLException, RestoreFailure {
    var live = session.database(login.database());
    if (live.isEmpty()) {
      throw new RestoreFailure(
          Outcome.RESTORE_REFUSED,
          "the server of %s has no database %s; restore into it as a new one, by the admin's own credentials"
              .formatted(admin.username(), login.database()));
    }
    return live.get();
  }

  /** The backup that is asked for. */
  Manifest chosen() throws StorageFailed, RestoreFailure {
    var kept = store.kept();
    var name = restore.choice().of(kept).map(BackupRetention.Kept::name).orElse("");
    var manifest = store.manifests().stream().filter(it -> it.name().equals(name)).findFirst();
    if (manifest.isEmpty()) {
      throw new RestoreFailure(
          Outcome.NO_SUCH_BACKUP, restore.choice().refusal(kept, restore.store().location()));
    }
    progress.chose(manifest.get().name());
    log.line("backup " + manifest.get().name());
    requireOpenable(manifest.get());
    return manifest.get();
  }

  /** Before anything is made. */
  private void requireOpenable(Manifest manifest) throws StorageFailed, RestoreFailure {
    try {
      StoredArchive.requireOpenable(store, manifest, restore.store().archiveKeys());
    } catch (KeyUnfit e) {
      throw new RestoreFailure(Outcome.BACKUP_KEY_UNFIT, e.words());
    } catch (IOException e) {
      throw new RestoreFailure(
          Outcome.RESTORE_FAILED, "%s: %s".formatted(manifest.archive(), e.getMessage()));
    }
  }

  static DatabaseContent content(Manifest manifest) throws RestoreFailure {
    var content = manifest.content();
    if (content == null) {
      throw new RestoreFailure(
          Outcome.RESTORE_REFUSED,
          "the manifest of %s does not say what it needs: restore it by hand with pg_restore"
              .formatted(manifest.name()));
    }
    return content;
  }

  /** All that stands in the way, wherever the restore goes. */
  List<String> obstacles(
      Connection own, Administration session, DatabaseTraits live, DatabaseContent content)
      throws SQLException {
    var obstacles = new ArrayList<>(RestoreObstacles.ofLogin(own, login));
    obstacles.addAll(RestoreObstacles.ofServer(own, content));
    var restoring = login.role() == null ? login.username() : login.role();
    obstacles.addAll(RestoreObstacles.ofAdmin(session, admin, List.of(live.owner(), restoring)));
    if (clients.of(major(own)).filter(it -> it.restore().toFile().canExecute()).isEmpty()) {
      obstacles.add("the image has no pg_restore for PostgreSQL %d".formatted(major(own)));
    }
    return obstacles;
  }

  static void require(List<String> obstacles) throws RestoreFailure {
    if (!obstacles.isEmpty()) {
      throw new RestoreFailure(Outcome.RESTORE_REFUSED, String.join("; ", obstacles));
    }
  }

  void undoEarlier(Administration session, @Nullable DatabaseTraits live)
      throws SQLException, RestoreFailure {
    var obstacle = Replacement.undoEarlier(session, login, names(), live);
    require(obstacle.stream().toList());
  }

  Replacement make(DatabaseLocale locale, @Nullable String tablespace)
      throws RestoreFailure, SQLException {
    log.line("making " + names().temporary());
    try {
      return Replacement.make(admin, login, names(), locale, tablespace, applicationName());
    } catch (SQLException e) {
      var failure = SqlFailure.of(e, admin);
      if (failure.lost()) {
        throw e;
      }
      throw new RestoreFailure(
          Outcome.RESTORE_REFUSED, "the database could not be made: " + failure.detail());
    }
  }

  /** A rehearsal tells, with all of it rolled back. */
  static void requirePossible(Replacement replacement, DatabaseTraits live, boolean inPlace)
      throws SQLException, RestoreFailure {
    var impossible = replacement.rehearse(live, inPlace);
    if (impossible.isPresent()) {
      throw new RestoreFailure(
          Outcome.RESTORE_REFUSED,
          "what belongs to %s can't be carried over: %s. Let the admin's login have the right for it"
              .formatted(live.name(), impossible.get()));
    }
  }

  /** Brings the backup into the replacement and compares both. */
  void restored(Replacement replacement, Manifest manifest, int major)
      throws SQLException, RestoreFailure, StorageFailed {
    var settings = replacement.settings();
    var programs = clients.of(major).orElseThrow();
    var archive =
        new ArchiveRestore(
            new ArchiveSource(
                store, manifest, restore.store().archiveKeys(), restore.store().workspace()),
            programs,
            major,
            new ClientConnection(settings, TEMPORARY, applicationName()));
    try (var fence = held(Fence.acquire(settings, applicationName(), patience(), false))) {
      progress.begin("Restoring", "restoring " + manifest.archive());
      archive.restore(fence, log);
      progress.begin("Comparing", "comparing with the manifest");
      progress.restored(archive.compared(fence));
      new RestoreNote(order, manifest, log).write(fence, settings);
    }
  }

  static int major(Connection connection) throws SQLException {
    return connection.getMetaData().getDatabaseMajorVersion();
  }

  static Fence held(Fence.Attempt attempt) throws RestoreFailure {
    return switch (attempt) {
      case Fence.Attempt.Held held -> held.fence();
      case Fence.Attempt.Refused refused ->
          throw new RestoreFailure(Outcomes.duringWork(refused.reason()), refused.detail());
    };
  }

  Duration patience() {
    return Duration.ofMillis(order.fenceTimeoutMillis());
  }

  /** An earlier attempt did it, and its end was not seen. */
  void doneBefore(Administration.Commented database) throws StorageFailed {
    var comment = database.comment();
    var name = RestoreNames.backup(comment).orElse("");
    progress.chose(name);
    RestoreNames.safetyBackup(comment).ifPresent(progress::putAside);
    if (restore.newDatabase() == null) {
      progress.replaced(database.name());
    }
    store.manifests().stream()
        .filter(it -> it.name().equals(name))
        .findFirst()
        .ifPresent(it -> progress.restored(it.tables()));
    log.line("an earlier attempt did it already");
  }
}
