package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.FlywayConfiguration;
import io.tunetrail.operator.database.FlywayHistory;
import io.tunetrail.operator.database.FlywayHistory.Reading;
import io.tunetrail.operator.database.InvalidScripts;
import io.tunetrail.operator.database.MigrationScripts;
import io.tunetrail.operator.database.SchemaTables;
import io.tunetrail.operator.database.WorkHistory;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.lifecycle.SchemaState;
import java.sql.SQLException;

/**
 * Work on a schema whose history Flyway keeps: reads under the fence what scripts and history say
 * together, and leaves what follows to a way.
 */
record FlywayWork(Way way) implements Work {

  /** Looks whether all is as it was planned, and then works. */
  interface Way {

    /** Whether it may change the database, and is noted there. */
    default boolean writes() {
      return true;
    }

    WorkResult decide(FlywayRun run, Reading reading, SchemaState.Flyway schema)
        throws SQLException;
  }

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
    var objection = FlywayConfiguration.objection(site.settings());
    if (objection.isPresent()) {
      return WorkResult.failed(Outcome.INVALID_INPUT, objection.get());
    }
    try {
      return run(site, settings, MigrationScripts.of(site.scripts(), settings));
    } catch (InvalidScripts e) {
      return WorkResult.failed(Outcome.INVALID_INPUT, String.valueOf(e.getMessage()));
    }
  }

  private WorkResult run(Site site, FlywaySettings settings, MigrationScripts scripts)
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
    if (way.writes()) {
      history.open(site.settings());
    }
    var lockTimeout = site.order().lockTimeoutMillis();
    var statementTimeout = site.order().statementTimeoutMillis();
    var reading =
        new FlywayHistory(settings, scripts.listing(), tables)
            .read(site.fence().reading(lockTimeout, statementTimeout));
    return switch (reading.state()) {
      case SchemaState.Unreadable unreadable ->
          WorkResult.failed(Outcome.INVALID_INPUT, unreadable.detail());
      case SchemaState.CreateAll _, SchemaState.Alembic _ ->
          throw new IllegalStateException("Flyway's history is no other method's");
      case SchemaState.Flyway schema -> {
        var source =
            way.writes()
                ? site.fence().working(lockTimeout, statementTimeout)
                : site.fence().planning(lockTimeout, statementTimeout);
        var run = new FlywayRun(site, settings, scripts, tables, history, source);
        yield way.decide(run, reading, schema);
      }
    };
  }
}
