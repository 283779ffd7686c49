package io.tunetrail.operator.migration;

import io.tunetrail.operator.analysis.PlannedStatement;
import io.tunetrail.operator.database.FlywayHistory.Reading;
import io.tunetrail.operator.database.InvalidScripts;
import io.tunetrail.operator.database.PlannedScripts;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.lifecycle.Task;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.api.FlywayException;

/** No way at all: the SQL of the way that would be gone, as Flyway's own parser reads it. */
final class FlywayPlanning implements FlywayWork.Way {

  @Override
  public boolean writes() {
    return false;
  }

  @Override
  public WorkResult decide(FlywayRun run, Reading reading, SchemaState.Flyway schema)
      throws SQLException {
    var moved = HistoryVerdict.moved(schema, run.site().order());
    if (moved.isPresent()) {
      return moved.get();
    }
    var log = run.site().log();
    try {
      var statements = statements(run, schema);
      var analysis =
          new FlywayPlanAnalysis(run.site(), run.settings(), run.scripts(), statements)
              .from(schema.current());
      log.frame(PlanFrame.lines(statements, analysis, log));
      return new WorkResult(Outcome.DONE, schema.current(), schema.current(), 0, null);
    } catch (InvalidScripts e) {
      return WorkResult.failedAt(
          schema.current(), Outcome.INVALID_INPUT, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return WorkResult.failedAt(schema.current(), Outcome.LOST, "it was ended while it planned");
    } catch (FlywayException e) {
      var sql = Optional.ofNullable(MigrationFailure.cause(e, SQLException.class));
      if (sql.isPresent()) {
        throw sql.get();
      }
      return WorkResult.failedAt(
          schema.current(), Outcome.INVALID_INPUT, MigrationFailure.oneLine(e));
    }
  }

  private static List<PlannedStatement> statements(FlywayRun run, SchemaState.Flyway schema)
      throws InvalidScripts {
    var order = run.site().order();
    var scripts = new PlannedScripts(run.settings(), run.scripts(), run.source());
    if (order.planned() == Task.BASELINE) {
      return List.of();
    }
    return order.planned() == Task.UNDO
        ? scripts.back(HistoryVerdict.above(schema, order))
        : scripts.forward(HistoryVerdict.pending(schema, order));
  }
}
