package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.FlywayHistory;
import io.tunetrail.operator.database.FlywayHistory.Reading;
import io.tunetrail.operator.database.InvalidScripts;
import io.tunetrail.operator.database.MigrationScripts;
import io.tunetrail.operator.database.SchemaTables;
import io.tunetrail.operator.database.WorkHistory;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.lifecycle.SchemaState;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Brings a schema to its target: looks under the fence whether all is as it was planned, and then
 * migrates.
 */
final class FlywayMigration implements Work {

  @Override
  public boolean simpleMode() {
    return false;
  }

  @Override
  public WorkResult run(Site site) throws SQLException {
    var settings = site.order().flyway();
    if (settings == null) {
      return WorkResult.failed(Outcome.INVALID_INPUT, "the order has no settings for Flyway");
    }
    try {
      return run(site, settings, MigrationScripts.of(site.scripts(), settings));
    } catch (InvalidScripts e) {
      return WorkResult.failed(Outcome.INVALID_INPUT, String.valueOf(e.getMessage()));
    }
  }

  private static WorkResult run(Site site, FlywaySettings settings, MigrationScripts scripts)
      throws SQLException {
    var currentSchema = site.fence().currentSchema();
    if (settings.historySchema() == null && currentSchema == null) {
      return WorkResult.failed(Outcome.INSUFFICIENT_PRIVILEGE, SchemaTables.NO_CURRENT_SCHEMA);
    }
    var tables =
        site.fence()
            .ask(
                connection ->
                    SchemaTables.read(connection, settings, String.valueOf(currentSchema)));
    var history = new WorkHistory(site.fence(), tables.historySchema());
    history.open(site.settings());
    var source =
        site.fence()
            .working(site.order().lockTimeoutMillis(), site.order().statementTimeoutMillis());
    var reading = new FlywayHistory(settings, scripts, tables).read(source);
    return switch (reading.state()) {
      case SchemaState.Unreadable unreadable ->
          WorkResult.failed(Outcome.INVALID_INPUT, unreadable.detail());
      case SchemaState.CreateAll _ ->
          throw new IllegalStateException("Flyway's history is no create-all's");
      case SchemaState.Flyway schema -> {
        var run = new FlywayRun(site, settings, scripts, tables, history, source);
        yield decide(site, run, reading, schema);
      }
    };
  }

  private static WorkResult decide(
      Site site, FlywayRun run, Reading reading, SchemaState.Flyway schema) throws SQLException {
    var objection = HistoryVerdict.objection(schema, site.order());
    if (objection.isPresent()) {
      return objection.get();
    }
    if (HistoryVerdict.pending(schema, site.order()).isEmpty()) {
      site.log().line("nothing to migrate");
      return new WorkResult(Outcome.DONE, schema.current(), schema.current(), 0, null);
    }
    var obstacle = obstacle(site, run, reading, schema);
    return obstacle.isPresent() ? obstacle.get() : run.migrate(schema.current());
  }

  private static Optional<WorkResult> obstacle(
      Site site, FlywayRun run, Reading reading, SchemaState.Flyway schema) throws SQLException {
    var moved = HistoryVerdict.moved(schema, site.order());
    return moved.isPresent() ? moved : run.recovery().check(schema, reading);
  }
}
