package io.tunetrail.operator.backup;

import io.tunetrail.operator.database.Administration;
import io.tunetrail.operator.database.DatabaseTraits;
import io.tunetrail.operator.migration.Outcome;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Restores into a database that is not there yet, beside the live one, which nothing is done to.
 *
 * @param name what it is called
 */
record NewDatabaseRestore(RestoreSite site, String name) {
  private static final int LONGEST_NAME = 63;

  void run() throws SQLException, RestoreFailure, StorageFailed {
    site.progress()
        .begin("Checking", "%s for %s".formatted(site.order().job(), site.order().resource()));
    requireName();
    DatabaseTraits live;
    Manifest manifest;
    int major;
    try (var session = site.administration();
        var own = Administration.open(site.login(), site.applicationName())) {
      live = site.live(own);
      var made = session.made(site.names(), name, live.owner());
      if (made.isPresent()) {
        site.doneBefore(made.get());
        return;
      }
      manifest = site.chosen();
      var content = RestoreSite.content(manifest);
      var obstacles = new ArrayList<String>();
      if (session.database(name).isPresent()) {
        obstacles.add("database %s exists: name another one, or drop it".formatted(name));
      }
      obstacles.addAll(own.<List<String>>ask(it -> site.obstacles(it, session, live, content)));
      RestoreSite.require(obstacles);
      site.undoEarlier(session, null);
      major = own.<Integer>ask(RestoreSite::major);
    }
    var replacement = site.make(RestoreSite.content(manifest).locale(), null);
    try {
      RestoreSite.requirePossible(replacement, live, false);
      site.restored(replacement, manifest, major);
      site.progress().begin("Naming", "it becomes " + name);
      replacement.become(name, live, site.names().made(manifest.name()), RestoreSite.SWAP_PATIENCE);
    } finally {
      replacement.settle().ifPresent(site.progress()::leave);
      replacement.close();
    }
  }

  private void requireName() throws RestoreFailure {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > LONGEST_NAME) {
      throw new RestoreFailure(
          Outcome.INVALID_INPUT, "a database's name has 1 to %d bytes".formatted(LONGEST_NAME));
    }
  }
}
