package io.tunetrail.operator.backup;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.PostgresClients;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.WorkLog;
import io.tunetrail.operator.migration.WorkOrder;
import io.tunetrail.operator.migration.WorkResult;
import org.jspecify.annotations.Nullable;

/** One restore's straight line. */
record RestoreRun(
    WorkOrder order,
    RestoreOrder restore,
    ConnectionSettings settings,
    @Nullable ConnectionSettings admin,
    PostgresClients clients,
    WorkLog log) {

  WorkResult run() {
    try {
      var kept = restore.store().open().kept();
      return WorkResult.failed(
          Outcome.NO_SUCH_BACKUP, restore.choice().refusal(kept, restore.store().location()));
    } catch (StorageFailed e) {
      return WorkResult.failed(Outcome.BACKUP_STORAGE_FAILED, String.valueOf(e.getMessage()));
    }
  }
}
