package io.tunetrail.operator.guard;

import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.WorkOrder;
import io.tunetrail.operator.migration.WorkResult;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** A project's first revision, which makes all that its models have. */
record SetupWork(Works works, WorkOrder order, AlembicSettings alembic) {
  private static final List<String> FIRST = List.of("revision", "--autogenerate", "-m", "initial");

  WorkResult run() throws IOException, SQLException {
    var metadata = order.argument();
    if (metadata == null) {
      return WorkResult.failed(
          Outcome.INVALID_INPUT, "the order does not say where the models' metadata is");
    }
    var database = new DraftDatabase(works, order, alembic);
    return database.write(environment -> database.draft(FIRST, metadata, environment));
  }
}
