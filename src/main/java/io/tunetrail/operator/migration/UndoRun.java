package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.HistoryRows;
import io.tunetrail.operator.database.InvalidScripts;
import io.tunetrail.operator.database.UndoScript;
import io.tunetrail.operator.database.UndoSession;
import io.tunetrail.operator.database.UndoSession.NotForgotten;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.MigrationFailure.Explained;
import io.tunetrail.operator.migration.MigrationProgress.NotStarted;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/**
 * The way back itself, between the row of tunetrail.history that begins and the one that ends it.
 */
record UndoRun(FlywayRun run) {

  /**
   * Takes versions back up to the first that fails; nothing runs unless every script can be read.
   *
   * @param versions newest first, each with a script that takes it back
   */
  WorkResult undo(@Nullable String from, List<Migration> versions) throws SQLException {
    var site = run.site();
    var before = run.rows();
    long row = run.history().begin(HistoryEntry.of(Task.UNDO.toString(), site.order()));
    var progress = new MigrationProgress(site.order(), run.history(), row, site.log());
    site.log().receiveFlyway();
    try {
      takeBack(versions, before, row, progress);
    } catch (InvalidScripts e) {
      var invalid = new Explained(Outcome.INVALID_INPUT, String.valueOf(e.getMessage()), false);
      return run.failed(from, before, row, invalid);
    } catch (FlywayException | NotStarted | NotForgotten e) {
      return run.failed(from, before, row, explain(e, progress));
    }
    return run.done(from, before, row);
  }

  private void takeBack(
      List<Migration> versions, HistoryRows rows, long row, MigrationProgress progress)
      throws InvalidScripts {
    var session = new UndoSession(run.settings(), run.scripts(), run.tables(), rows, run.source());
    var scripts = new ArrayList<UndoScript>();
    for (var version : versions) {
      scripts.add(session.script(String.valueOf(version.version())));
    }
    try {
      session.checkRight();
      for (var script : scripts) {
        session.undo(script, row, progress::begin);
        progress.ended();
      }
    } catch (SQLException e) {
      throw new NotStarted(e);
    }
  }

  /** What is half undone waits for a person, whatever stopped it. */
  private Explained explain(RuntimeException failure, MigrationProgress progress) {
    var explained = new MigrationFailure(run.site(), progress).explain(failure);
    var message =
        failure instanceof NotForgotten
            ? failure.getMessage() + explained.message()
            : explained.message();
    return progress.outsideTransaction() == null
        ? new Explained(explained.outcome(), message, false)
        : new Explained(Outcome.HISTORY_CONFLICT, message, true);
  }
}
