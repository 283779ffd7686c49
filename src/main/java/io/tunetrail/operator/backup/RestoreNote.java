package io.tunetrail.operator.backup;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.Fence;
import io.tunetrail.operator.database.RestoredHistory;
import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.database.WorkHistory;
import io.tunetrail.operator.migration.WorkLog;
import io.tunetrail.operator.migration.WorkOrder;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What the restored database's own history tells of the restore. */
record RestoreNote(WorkOrder order, Manifest manifest, WorkLog log) {

  /** The restored data is no less whole where its own history can't be written. */
  void write(Fence fence, ConnectionSettings settings) throws SQLException {
    try {
      RestoredHistory.note(fence, settings, entry(), historyTable());
    } catch (SQLException e) {
      var failure = SqlFailure.of(e, settings);
      if (failure.lost()) {
        throw e;
      }
      log.line("tunetrail.history does not tell of the restore: " + failure.detail());
    }
  }

  private WorkHistory.Entry entry() {
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
}
