package io.tunetrail.operator.backup;

import io.tunetrail.operator.backup.BackupRetention.Kept;
import io.tunetrail.operator.database.Administration;
import io.tunetrail.operator.database.DatabaseLocale;
import io.tunetrail.operator.database.DatabaseTraits;
import io.tunetrail.operator.database.Fence;
import io.tunetrail.operator.database.Replacement;
import io.tunetrail.operator.database.RestoreNames;
import io.tunetrail.operator.database.RestoreObstacles;
import io.tunetrail.operator.migration.Outcome;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Restores in the live database's place, behind its fence: it serves on until all is whole, and if
 * anything fails.
 */
record InPlaceRestore(RestoreSite site) {

  void run() throws SQLException, RestoreFailure, StorageFailed {
    site.progress()
        .begin(
            "Checking",
            "%s for %s: waiting for the database's lock"
                .formatted(site.order().job(), site.order().resource()));
    DatabaseTraits live;
    Manifest manifest;
    try (var session = site.administration()) {
      live = site.live(session);
      var replaced = session.replaced(site.names(), live.owner());
      if (replaced.isPresent()) {
        site.doneBefore(replaced.get());
        return;
      }
      if (!live.allowsConnections()) {
        site.undoEarlier(session, live);
      }
      manifest = site.chosen();
    }
    var attempt = Fence.acquire(site.login(), site.applicationName(), site.patience(), false);
    try (var fence = RestoreSite.held(attempt)) {
      behind(fence, live, manifest);
    }
  }

  private void behind(Fence fence, DatabaseTraits live, Manifest manifest)
      throws SQLException, RestoreFailure, StorageFailed {
    int major;
    var content = RestoreSite.content(manifest);
    try (var session = site.administration()) {
      requireSameServer(session, fence, live);
      var obstacles = new ArrayList<String>(fence.<List<String>>ask(RestoreObstacles::ofLive));
      obstacles.addAll(fence.<List<String>>ask(it -> site.obstacles(it, session, live, content)));
      RestoreSite.require(obstacles);
      site.undoEarlier(session, live);
      major = fence.<Integer>ask(RestoreSite::major);
    }
    var locale = fence.ask(DatabaseLocale::read);
    var replacement = site.make(locale, live.tablespace());
    try {
      RestoreSite.requirePossible(replacement, live, true);
      putAside(fence);
      site.restored(replacement, manifest, major);
      swapped(replacement, fence, live, manifest);
    } finally {
      replacement.settle().ifPresent(site.progress()::leave);
      replacement.close();
      discardUnneeded(live);
    }
  }

  /** By the fence's own session, which both see. */
  private void requireSameServer(Administration session, Fence fence, DatabaseTraits live)
      throws SQLException, RestoreFailure {
    int backend = fence.<Integer>ask(Administration::backend);
    if (!session.sees(backend, live.oid(), site.applicationName())) {
      throw new RestoreFailure(
          Outcome.RESTORE_REFUSED,
          "the admin's credentials lead to another server than spec.connection: correct host and"
              + " port");
    }
  }

  private void swapped(Replacement replacement, Fence fence, DatabaseTraits live, Manifest manifest)
      throws SQLException, RestoreFailure {
    site.progress().begin("Swapping", "taking the place of " + live.name());
    RestoreSite.require(fence.<List<String>>ask(RestoreObstacles::ofLive));
    if (fence.isLost()) {
      throw new RestoreFailure(Outcome.LOCK_LOST, "the connection that held the lock is gone");
    }
    DatabaseTraits latest;
    try (var session = site.administration()) {
      latest = site.live(session);
      if (latest.oid() != live.oid()) {
        throw new RestoreFailure(
            Outcome.RESTORE_FAILED, "somebody else renamed " + live.name() + " meanwhile");
      }
    }
    fence.close();
    var previous = RestoreNames.previous(live.name(), Instant.now());
    var comment = site.names().replaced(manifest.name(), site.progress().safetyBackup());
    try {
      replacement.takePlace(latest, previous, comment, RestoreSite.SWAP_PATIENCE);
    } catch (SQLException e) {
      requireTaken(live, e);
    }
    site.progress().replaced(previous);
  }

  /** A commit whose answer was lost may have been one. */
  private void requireTaken(DatabaseTraits live, SQLException failure) throws SQLException {
    try (var session = site.administration()) {
      if (session.replaced(site.names(), live.owner()).isPresent()) {
        return;
      }
    } catch (SQLException e) {
      site.progress().leave("whether the names were swapped is not known; the next attempt sees");
    }
    throw failure;
  }

  /** Attempt after attempt would leave one, where none replaced anything. */
  private void discardUnneeded(DatabaseTraits live) {
    var name = site.progress().safetyBackup();
    if (name == null || site.progress().hasReplaced() || site.progress().left().isPresent()) {
      return;
    }
    try (var session = site.administration()) {
      if (session.replaced(site.names(), live.owner()).isEmpty()) {
        site.store().remove(new Kept(name, Instant.now(), false));
        site.progress().putAside(null);
      }
    } catch (SQLException | StorageFailed e) {
      site.log().line("backup " + name + " stays");
    }
  }

  /** What the live database holds becomes a backup as any other, behind the fence. */
  private void putAside(Fence fence) throws SQLException, StorageFailed, RestoreFailure {
    site.progress().begin("SafetyBackup", "backing up what is to be replaced");
    site.store().prepare(Instant.now());
    var backup =
        new BackupOrder(
            site.restore().resource(),
            site.restore().store(),
            new BackupRetention(BackupRetention.DAYS, BackupRetention.MINIMUM));
    var result =
        new BackupRun(
                site.order(),
                backup,
                site.order().job(),
                site.login(),
                site.clients(),
                site.log(),
                true)
            .behind(fence, site.store());
    if (result.outcome() != Outcome.DONE || result.backup() == null) {
      throw new RestoreFailure(result.outcome(), "the safety backup: " + result.message());
    }
    site.progress().putAside(result.backup().name());
  }
}
