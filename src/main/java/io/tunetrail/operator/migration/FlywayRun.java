package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.FlywayConfiguration;
import io.tunetrail.operator.database.HistoryRows;
import io.tunetrail.operator.database.MigrationScripts;
import io.tunetrail.operator.database.SchemaTables;
import io.tunetrail.operator.database.WorkHistory;
import io.tunetrail.operator.engine.FlywaySettings;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The migration itself, between the row of tunetrail.history that begins and the one that ends it.
 */
record FlywayRun(
    Work.Site site,
    FlywaySettings settings,
    MigrationScripts scripts,
    SchemaTables tables,
    WorkHistory history,
    DataSource source) {

  Recovery recovery() {
    return new Recovery(site.order(), settings.table(), site.fence(), history, tables);
  }

  WorkResult migrate(@Nullable String from) throws SQLException {
    var before = rows();
    long row = history.begin(HistoryEntry.of("migrate", site.order()));
    var progress = new MigrationProgress(site.order(), history, row, site.log());
    try {
      var flyway = configuration(progress).load();
      site.log().receiveFlyway();
      flyway.migrate();
    } catch (FlywayException | MigrationProgress.NotStarted e) {
      return failed(from, before, row, new MigrationFailure(site, progress).explain(e));
    }
    return done(from, before, row);
  }

  /** Notes in the row that the work is done. */
  WorkResult done(@Nullable String from, HistoryRows before, long row) throws SQLException {
    var after = rows();
    history
        .done(row, after.current(), after.versions(), settings.table())
        .ifPresent(site.log()::unrecorded);
    return new WorkResult(Outcome.DONE, from, after.current(), changed(before, after), null);
  }

  private FluentConfiguration configuration(MigrationProgress progress) {
    var configuration =
        FlywayConfiguration.of(settings, scripts, source)
            .validateOnMigrate(false)
            .callbacks(progress);
    var target = site.order().target();
    return target == null
        ? configuration
        : configuration.target(MigrationVersion.fromVersion(target));
  }

  /** Notes in the row that the work failed, and how far it came. */
  WorkResult failed(
      @Nullable String from, HistoryRows before, long row, MigrationFailure.Explained failure) {
    try {
      var after = rows();
      if (failure.endUnknown()) {
        history.leaveOpen(row, failure.outcome().text(), after);
      } else {
        history.finish(row, failure.outcome().text(), after.current(), after.versions());
      }
      return new WorkResult(
          failure.outcome(), from, after.current(), changed(before, after), failure.message());
    } catch (SQLException e) {
      site.log().line("the end of the work can't be noted in tunetrail.history: " + e.getMessage());
      return new WorkResult(failure.outcome(), from, from, 0, failure.message());
    }
  }

  /** What Flyway's history holds now. */
  HistoryRows rows() throws SQLException {
    return site.fence()
        .ask(connection -> HistoryRows.read(connection, tables.historySchema(), settings.table()));
  }

  /** How many were applied, or taken back. */
  private static int changed(HistoryRows before, HistoryRows after) {
    return Math.abs(after.migrations() - before.migrations());
  }
}
