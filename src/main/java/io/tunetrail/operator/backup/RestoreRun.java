package io.tunetrail.operator.backup;

import static java.util.Objects.requireNonNullElse;

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
import io.tunetrail.operator.database.RestoredHistory;
import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.database.WorkHistory;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Outcomes;
import io.tunetrail.operator.migration.WorkLog;
import io.tunetrail.operator.migration.WorkOrder;
import io.tunetrail.operator.migration.WorkResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One restore's straight line. What the archive holds is brought in by the database's own login,
 * into a database that the admin's login makes beside the live one; only when that is whole it gets
 * its name, or the live one's.
 */
final class RestoreRun {
  private static final Path TEMPORARY = Path.of("/tmp");
  private static final int LONGEST_NAME = 63;

  /** Where the admin works whose own database is the one that is to be renamed. */
  private static final String ELSEWHERE = "postgres";

  /** While sessions end, nobody gets into the live database. */
  private static final Duration SWAP_PATIENCE = Duration.ofSeconds(20);

  private final WorkOrder order;
  private final RestoreOrder restore;
  private final ConnectionSettings login;
  private final ConnectionSettings admin;
  private final PostgresClients clients;
  private final WorkLog log;
  private final BackupStore store;
  private final RestoreNames names;
  private final RestoreProgress progress;
  private final String applicationName;

  /** Set once something was made that could not be undone. */
  private @Nullable String byHand;

  RestoreRun(
      WorkOrder order,
      RestoreOrder restore,
      ConnectionSettings login,
      @Nullable ConnectionSettings admin,
      PostgresClients clients,
      WorkLog log) {
    this.order = order;
    this.restore = restore;
    this.login = login;
    this.admin = outside(requireNonNullElse(admin, login), login, restore);
    this.clients = clients;
    this.log = log;
    store = restore.store().open();
    names = new RestoreNames(restore.restore());
    progress =
        new RestoreProgress(
            InstantSource.system(),
            log,
            requireNonNullElse(restore.newDatabase(), login.database()));
    applicationName = "tunetrail/" + order.job();
  }

  private static ConnectionSettings outside(
      ConnectionSettings admin, ConnectionSettings login, RestoreOrder restore) {
    boolean inside = restore.newDatabase() == null && admin.database().equals(login.database());
    return inside ? admin.withDatabase(ELSEWHERE) : admin;
  }

  WorkResult run() {
    try {
      return restore.newDatabase() == null ? inPlace() : into(restore.newDatabase());
    } catch (RestoreFailure e) {
      return failed(e.outcome(), e.message());
    } catch (StorageFailed e) {
      return failed(Outcome.BACKUP_STORAGE_FAILED, String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      var failure = SqlFailure.of(e, login);
      var outcome = Outcomes.duringWork(failure.reason());
      return failed(
          outcome == Outcome.SQL_FAILED ? Outcome.RESTORE_FAILED : outcome, failure.detail());
    }
  }

  private WorkResult failed(Outcome outcome, String message) {
    var told = byHand == null ? message : message + "; " + byHand;
    return new WorkResult(outcome, null, null, 0, told, null, null, progress.report().orElse(null));
  }

  private WorkResult done() {
    return new WorkResult(Outcome.DONE, null, null, 0, null, null, null, progress.report().orElseThrow());
  }

  private WorkResult inPlace() throws SQLException, RestoreFailure, StorageFailed {
    progress.begin(
        "Checking",
        "%s for %s: waiting for the database's lock".formatted(order.job(), order.resource()));
    DatabaseTraits live;
    Manifest manifest;
    try (var session = Administration.open(admin, applicationName)) {
      live = live(session);
      var replaced = session.replaced(names, live.owner());
      if (replaced.isPresent()) {
        return doneBefore(replaced.get());
      }
      if (!live.allowsConnections()) {
        undoEarlier(session, live);
      }
      manifest = chosen();
    }
    var attempt = Fence.acquire(login, applicationName, patience(), false);
    try (var fence = held(attempt)) {
      return behind(fence, live, manifest);
    }
  }

  private DatabaseTraits live(Administration session) throws SQLException, RestoreFailure {
    var live = session.database(login.database());
    if (live.isEmpty()) {
      throw new RestoreFailure(
          Outcome.RESTORE_REFUSED,
          "the server of %s has no database %s; restore into it as a new one, by the admin's own credentials"
              .formatted(admin.username(), login.database()));
    }
    return live.get();
  }

  private WorkResult behind(Fence fence, DatabaseTraits live, Manifest manifest)
      throws SQLException, RestoreFailure, StorageFailed {
    int major;
    try (var session = Administration.open(admin, applicationName)) {
      requireSameServer(session, fence, live);
      var obstacles = new ArrayList<String>(fence.<List<String>>ask(RestoreObstacles::ofLive));
      obstacles.addAll(fence.<List<String>>ask(it -> obstacles(it, session, live, manifest)));
      require(obstacles);
      undoEarlier(session, live);
      major = fence.<Integer>ask(RestoreRun::major);
    }
    var locale = fence.ask(DatabaseLocale::read);
    var replacement = make(locale, live.tablespace());
    try {
      requirePossible(replacement, live, true);
      putAside(fence);
      restored(replacement, manifest, major);
      return swapped(replacement, fence, live, manifest);
    } finally {
      byHand = replacement.settle().orElse(null);
      replacement.close();
    }
  }

  /** By the fence's own session, which both see. */
  private void requireSameServer(Administration session, Fence fence, DatabaseTraits live)
      throws SQLException, RestoreFailure {
    int backend = fence.<Integer>ask(RestoreRun::backend);
    if (!session.sees(backend, live.oid(), applicationName)) {
      throw new RestoreFailure(
          Outcome.RESTORE_REFUSED,
          "the admin's credentials lead to another server than spec.connection: correct host and"
              + " port");
    }
  }

  private static int backend(Connection connection) throws SQLException {
    return Administration.backend(connection);
  }

  private static int major(Connection connection) throws SQLException {
    return connection.getMetaData().getDatabaseMajorVersion();
  }

  private WorkResult swapped(
      Replacement replacement, Fence fence, DatabaseTraits live, Manifest manifest)
      throws SQLException, RestoreFailure {
    progress.begin("Swapping", "taking the place of " + live.name());
    require(fence.<List<String>>ask(RestoreObstacles::ofLive));
    if (fence.isLost()) {
      throw new RestoreFailure(Outcome.LOCK_LOST, "the connection that held the lock is gone");
    }
    DatabaseTraits latest;
    try (var session = Administration.open(admin, applicationName)) {
      latest = live(session);
      if (latest.oid() != live.oid()) {
        throw new RestoreFailure(
            Outcome.RESTORE_FAILED, "somebody else renamed " + live.name() + " meanwhile");
      }
    }
    fence.close();
    var previous = RestoreNames.previous(live.name(), Instant.now());
    var comment = names.replaced(manifest.name(), progress.safetyBackup());
    try {
      replacement.takePlace(latest, previous, comment, SWAP_PATIENCE);
    } catch (SQLException e) {
      if (!tookPlace(live)) {
        throw e;
      }
    }
    progress.replaced(previous);
    return done();
  }

  /** A commit whose answer was lost may have been one. */
  private boolean tookPlace(DatabaseTraits live) {
    try (var session = Administration.open(admin, applicationName)) {
      return session.replaced(names, live.owner()).isPresent();
    } catch (SQLException e) {
      return false;
    }
  }

  private WorkResult into(String name) throws SQLException, RestoreFailure, StorageFailed {
    progress.begin("Checking", "%s for %s".formatted(order.job(), order.resource()));
    requireName(name);
    DatabaseTraits live;
    Manifest manifest;
    int major;
    try (var session = Administration.open(admin, applicationName);
        var own = Administration.open(login, applicationName)) {
      live = live(own);
      var made = session.made(names, name, live.owner());
      if (made.isPresent()) {
        return doneBefore(made.get());
      }
      manifest = chosen();
      var obstacles = new ArrayList<String>();
      if (session.database(name).isPresent()) {
        obstacles.add("database %s exists: name another one, or drop it".formatted(name));
      }
      obstacles.addAll(own.<List<String>>ask(it -> obstacles(it, session, live, manifest)));
      require(obstacles);
      undoEarlier(session, null);
      major = own.<Integer>ask(RestoreRun::major);
    }
    var replacement = make(content(manifest).locale(), null);
    try {
      requirePossible(replacement, live, false);
      restored(replacement, manifest, major);
      progress.begin("Naming", "it becomes " + name);
      replacement.become(name, live, names.made(manifest.name()), SWAP_PATIENCE);
      return done();
    } finally {
      byHand = replacement.settle().orElse(null);
      replacement.close();
    }
  }

  private static void requireName(String name) throws RestoreFailure {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > LONGEST_NAME) {
      throw new RestoreFailure(
          Outcome.INVALID_INPUT, "a database's name has 1 to %d bytes".formatted(LONGEST_NAME));
    }
  }

  private Manifest chosen() throws StorageFailed, RestoreFailure {
    var kept = store.kept();
    var name = restore.choice().of(kept).map(BackupRetention.Kept::name).orElse("");
    var manifest = store.manifests().stream().filter(it -> it.name().equals(name)).findFirst();
    if (manifest.isEmpty()) {
      throw new RestoreFailure(
          Outcome.NO_SUCH_BACKUP, restore.choice().refusal(kept, restore.store().location()));
    }
    progress.chose(manifest.get().name());
    log.line("backup " + manifest.get().name());
    return manifest.get();
  }

  private static DatabaseContent content(Manifest manifest) throws RestoreFailure {
    var content = manifest.content();
    if (content == null) {
      throw new RestoreFailure(
          Outcome.RESTORE_REFUSED,
          "the manifest of %s does not say what it needs: restore it by hand with pg_restore"
              .formatted(manifest.name()));
    }
    return content;
  }

  private List<String> obstacles(
      Connection own, Administration session, DatabaseTraits live, Manifest manifest)
      throws SQLException {
    var obstacles = new ArrayList<>(RestoreObstacles.ofLogin(own, login));
    if (manifest.content() != null) {
      obstacles.addAll(RestoreObstacles.ofServer(own, manifest.content()));
    }
    var owners = Set.of(requireNonNullElse(login.role(), login.username()));
    obstacles.addAll(RestoreObstacles.ofAdmin(session, admin, owners));
    if (!owners.contains(live.owner())) {
      obstacles.addAll(RestoreObstacles.ofAdmin(session, admin, Set.of(live.owner())));
    }
    if (clients.of(major(own)).filter(it -> it.restore().toFile().canExecute()).isEmpty()) {
      obstacles.add("the image has no pg_restore for PostgreSQL %d".formatted(major(own)));
    }
    return obstacles;
  }

  private static void require(List<String> obstacles) throws RestoreFailure {
    if (!obstacles.isEmpty()) {
      throw new RestoreFailure(Outcome.RESTORE_REFUSED, String.join("; ", obstacles));
    }
  }

  private void undoEarlier(Administration session, @Nullable DatabaseTraits live)
      throws SQLException, RestoreFailure {
    var obstacle = Replacement.undoEarlier(session, login, names, live);
    require(obstacle.stream().toList());
  }

  private Replacement make(DatabaseLocale locale, @Nullable String tablespace)
      throws RestoreFailure, SQLException {
    log.line("making " + names.temporary());
    try {
      return Replacement.make(admin, login, names, locale, tablespace, applicationName);
    } catch (SQLException e) {
      var failure = SqlFailure.of(e, admin);
      if (failure.lost()) {
        throw e;
      }
      throw new RestoreFailure(
          Outcome.RESTORE_REFUSED, "the database could not be made: " + failure.detail());
    }
  }

  private static void requirePossible(Replacement replacement, DatabaseTraits live, boolean inPlace)
      throws SQLException, RestoreFailure {
    var impossible = replacement.rehearse(live, inPlace);
    if (impossible.isPresent()) {
      throw new RestoreFailure(
          Outcome.RESTORE_REFUSED,
          "what belongs to %s can't be carried over: %s. Let the admin's login have the right for it"
              .formatted(live.name(), impossible.get()));
    }
  }

  /** What the live database holds becomes a backup as any other, behind the fence. */
  private void putAside(Fence fence) throws SQLException, StorageFailed, RestoreFailure {
    progress.begin("SafetyBackup", "backing up what is to be replaced");
    store.prepare(Instant.now());
    var backup =
        new BackupOrder(
            restore.resource(),
            restore.store(),
            new BackupRetention(BackupRetention.DAYS, BackupRetention.MINIMUM));
    var result =
        new BackupRun(order, backup, order.job(), login, clients, log, true).behind(fence, store);
    if (result.outcome() != Outcome.DONE || result.backup() == null) {
      throw new RestoreFailure(result.outcome(), "the safety backup: " + result.message());
    }
    progress.putAside(result.backup().name());
  }

  private void restored(Replacement replacement, Manifest manifest, int major)
      throws SQLException, RestoreFailure, StorageFailed {
    var settings = replacement.settings();
    var programs = clients.of(major).orElseThrow();
    var archive =
        new ArchiveRestore(
            store,
            manifest,
            programs,
            major,
            new ClientConnection(settings, TEMPORARY, applicationName));
    try (var fence = held(Fence.acquire(settings, applicationName, patience(), false))) {
      progress.begin("Restoring", "restoring " + manifest.archive());
      archive.restore();
      progress.begin("Comparing", "comparing with the manifest");
      progress.restored(archive.compared(fence));
      note(fence, settings, manifest);
    }
  }

  /** The restored data is no less whole where its own history can't be written. */
  private void note(Fence fence, ConnectionSettings settings, Manifest manifest)
      throws SQLException {
    try {
      RestoredHistory.note(fence, settings, entry(manifest), historyTable());
    } catch (SQLException e) {
      var failure = SqlFailure.of(e, settings);
      if (failure.lost()) {
        throw e;
      }
      log.line("tunetrail.history does not tell of the restore: " + failure.detail());
    }
  }

  private WorkHistory.Entry entry(Manifest manifest) {
    var content = manifest.content();
    return new WorkHistory.Entry(
        order.task().toString(),
        order.resource(),
        order.resourceUid(),
        order.job(),
        order.edition().toString(),
        order.environment().toString(),
        "sha256:" + manifest.sha256(),
        content == null ? null : content.migrationVersion(),
        order.approvedBy(),
        manifest.name(),
        order.retry(),
        order.requestedBy());
  }

  private @Nullable String historyTable() {
    if (order.alembic() != null) {
      return order.alembic().versionTable();
    }
    return order.flyway() == null ? null : order.flyway().table();
  }

  private static Fence held(Fence.Attempt attempt) throws RestoreFailure {
    return switch (attempt) {
      case Fence.Attempt.Held held -> held.fence();
      case Fence.Attempt.Refused refused ->
          throw new RestoreFailure(Outcomes.duringWork(refused.reason()), refused.detail());
    };
  }

  private Duration patience() {
    return Duration.ofMillis(order.fenceTimeoutMillis());
  }

  /** An earlier attempt did it, and its end was not seen. */
  private WorkResult doneBefore(Administration.Commented database) throws StorageFailed {
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
    return done();
  }
}
