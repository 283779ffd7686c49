package io.tunetrail.operator.backup;

import static java.util.Objects.requireNonNullElse;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.PostgresClients;
import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Outcomes;
import io.tunetrail.operator.migration.WorkLog;
import io.tunetrail.operator.migration.WorkOrder;
import io.tunetrail.operator.migration.WorkResult;
import java.sql.SQLException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * One restore's straight line. What the archive holds is brought in by the database's own login,
 * into a database that the admin's login makes beside the live one; only when that is whole it gets
 * its name, or the live one's.
 *
 * @param admin null: the login itself makes and renames databases
 */
record RestoreRun(
    WorkOrder order,
    RestoreOrder restore,
    ConnectionSettings login,
    @Nullable ConnectionSettings admin,
    PostgresClients clients,
    WorkLog log) {
  /** Where the admin works whose own database is the one that is to be renamed. */
  private static final String ELSEWHERE = "postgres";

  WorkResult run() {
    var database = requireNonNullElse(restore.newDatabase(), login.database());
    var progress = new RestoreProgress(InstantSource.system(), log, database);
    try {
      restore(progress);
      return new WorkResult(
          Outcome.DONE, null, null, 0, null, null, progress.report().orElseThrow());
    } catch (RestoreFailure e) {
      return failed(progress, e.outcome(), e.message());
    } catch (StorageFailed e) {
      return failed(progress, Outcome.BACKUP_STORAGE_FAILED, String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      var failure = SqlFailure.of(e, login);
      var outcome = Outcomes.duringWork(failure.reason());
      return failed(
          progress,
          outcome == Outcome.SQL_FAILED ? Outcome.RESTORE_FAILED : outcome,
          failure.detail());
    }
  }

  private void restore(RestoreProgress progress)
      throws SQLException, RestoreFailure, StorageFailed {
    var site =
        new RestoreSite(
            order, restore, login, outside(), clients, restore.store().open(), progress, log);
    if (restore.newDatabase() == null) {
      new InPlaceRestore(site).run();
    } else {
      new NewDatabaseRestore(site, restore.newDatabase()).run();
    }
  }

  private ConnectionSettings outside() {
    var settings = requireNonNullElse(admin, login);
    boolean inside = restore.newDatabase() == null && settings.database().equals(login.database());
    return inside ? settings.withDatabase(ELSEWHERE) : settings;
  }

  private static WorkResult failed(RestoreProgress progress, Outcome outcome, String message) {
    var told = progress.left().map(it -> message + "; " + it).orElse(message);
    return new WorkResult(outcome, null, null, 0, told, null, progress.report().orElse(null));
  }
}
