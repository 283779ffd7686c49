package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.FlywayHistory.Reading;
import io.tunetrail.operator.lifecycle.SchemaState;
import java.sql.SQLException;
import java.util.Optional;

/** The way forward: brings a schema to its target. */
final class FlywayMigration implements FlywayWork.Way {

  @Override
  public WorkResult decide(FlywayRun run, Reading reading, SchemaState.Flyway schema)
      throws SQLException {
    var order = run.site().order();
    var objection = HistoryVerdict.objection(schema, order);
    if (objection.isPresent()) {
      return objection.get();
    }
    if (HistoryVerdict.pending(schema, order).isEmpty()) {
      run.site().log().line("nothing to migrate");
      return new WorkResult(Outcome.DONE, schema.current(), schema.current(), 0, null);
    }
    var obstacle = obstacle(run, reading, schema);
    return obstacle.isPresent() ? obstacle.get() : run.migrate(schema.current());
  }

  private static Optional<WorkResult> obstacle(
      FlywayRun run, Reading reading, SchemaState.Flyway schema) throws SQLException {
    var moved = HistoryVerdict.moved(schema, run.site().order());
    return moved.isPresent() ? moved : run.recovery().check(schema, reading);
  }
}
