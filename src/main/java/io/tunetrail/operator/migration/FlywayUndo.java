package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.FlywayHistory.Reading;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The way back: takes every version above the target back, newest first. */
final class FlywayUndo implements FlywayWork.Way {

  @Override
  public WorkResult decide(FlywayRun run, Reading reading, SchemaState.Flyway schema)
      throws SQLException {
    var order = run.site().order();
    var baseline = run.rows().baseline();
    var objection =
        HistoryVerdict.objectionToUndo(schema, order)
            .or(() -> HistoryVerdict.belowBaseline(schema, baseline, order));
    if (objection.isPresent()) {
      return objection.get();
    }
    var above = HistoryVerdict.above(schema, order);
    if (above.isEmpty()) {
      run.site().log().line("nothing to undo");
      return new WorkResult(Outcome.DONE, schema.current(), schema.current(), 0, null);
    }
    var obstacle = obstacle(run, reading, schema, above);
    return obstacle.isPresent() ? obstacle.get() : new UndoRun(run).undo(schema.current(), above);
  }

  private static Optional<WorkResult> obstacle(
      FlywayRun run, Reading reading, SchemaState.Flyway schema, List<Migration> above)
      throws SQLException {
    var obstacle =
        HistoryVerdict.moved(schema, run.site().order())
            .or(() -> HistoryVerdict.irreversible(schema, above));
    return obstacle.isPresent() ? obstacle : run.recovery().check(schema, reading);
  }
}
