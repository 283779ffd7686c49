package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.DatabaseIdentity;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether a work meets the database that it was decided for: an approval is of one alone. */
public final class PlannedDatabase {
  private PlannedDatabase() {}

  /** Why nothing may run in the database of a session; empty where it may. */
  public static Optional<WorkResult> objection(WorkOrder order, Connection connection)
      throws SQLException {
    var planned = order.database();
    return planned == null || DatabaseIdentity.isOf(connection, planned, historySchemas(order))
        ? Optional.empty()
        : Optional.of(
            WorkResult.failed(
                Outcome.INPUTS_CHANGED,
                "the connection leads to another database than the one this Job is for"));
  }

  /** Those that the settings name. */
  private static List<String> historySchemas(WorkOrder order) {
    var schemas = new ArrayList<String>();
    var flyway = order.flyway();
    if (flyway != null) {
      schemas.addAll(flyway.schemas());
      if (flyway.defaultSchema() != null) {
        schemas.add(flyway.defaultSchema());
      }
    }
    var alembic = order.alembic();
    if (alembic != null && alembic.versionTableSchema() != null) {
      schemas.add(alembic.versionTableSchema());
    }
    return schemas;
  }
}
