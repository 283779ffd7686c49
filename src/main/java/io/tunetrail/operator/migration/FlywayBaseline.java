package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.InvalidScripts;
import io.tunetrail.operator.database.MigrationScripts;
import io.tunetrail.operator.database.SchemaTables;
import io.tunetrail.operator.engine.FlywaySettings;
import java.sql.SQLException;

/** Takes a database that has tables and no history for a version of the scripts. */
final class FlywayBaseline implements Work {

  @Override
  public boolean simpleMode() {
    return false;
  }

  @Override
  public WorkResult run(Site site) throws SQLException {
    var settings = site.order().flyway();
    var version = site.order().target();
    if (settings == null || version == null) {
      return WorkResult.failed(
          Outcome.INVALID_INPUT, "the order has no settings for Flyway or no version to adopt");
    }
    try {
      return run(site, settings, MigrationScripts.of(site.scripts(), settings), version);
    } catch (InvalidScripts e) {
      return WorkResult.failed(Outcome.INVALID_INPUT, String.valueOf(e.getMessage()));
    }
  }

  private static WorkResult run(
      Site site, FlywaySettings settings, MigrationScripts scripts, String version)
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
    return new FlywayAdoption(site, settings, scripts, tables, version).run();
  }
}
