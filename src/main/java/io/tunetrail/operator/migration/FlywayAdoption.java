package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.FlywayConfiguration;
import io.tunetrail.operator.database.FlywayHistory;
import io.tunetrail.operator.database.HistoryRows;
import io.tunetrail.operator.database.MigrationScripts;
import io.tunetrail.operator.database.SchemaTables;
import io.tunetrail.operator.database.WorkHistory;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.lifecycle.Task;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;

/**
 * One adoption: the tables are compared with those that the scripts make, and then the version is
 * noted, after what a history tells of where there is one. Until then nothing in the database is
 * changed.
 */
record FlywayAdoption(
    Work.Site site,
    FlywaySettings settings,
    MigrationScripts scripts,
    SchemaTables tables,
    String version) {
  static final String DESCRIPTION = "adopted by TuneTrail";

  WorkResult run() throws SQLException {
    if (!tables.tablesExist()) {
      return WorkResult.failed(
          Outcome.INPUTS_CHANGED, "there are no tables to adopt, the schema is empty");
    }
    var order = site.order();
    var source = site.fence().reading(order.lockTimeoutMillis(), order.statementTimeoutMillis());
    return switch (new FlywayHistory(settings, scripts.listing(), tables).read(source).state()) {
      case SchemaState.Unreadable unreadable ->
          WorkResult.failed(Outcome.INVALID_INPUT, unreadable.detail());
      case SchemaState.CreateAll _, SchemaState.Alembic _ ->
          throw new IllegalStateException("Flyway's history is no other method's");
      case SchemaState.Flyway schema -> {
        var objection = HistoryVerdict.moved(schema, order);
        if (objection.isEmpty()) {
          objection = objection(upTo(schema));
        }
        yield objection.isPresent() ? objection.get() : note(schema);
      }
    };
  }

  private List<String> upTo(SchemaState.Flyway schema) {
    var last = MigrationVersion.fromVersion(version);
    return schema.migrations().stream()
        .filter(it -> it.version() != null)
        .filter(it -> MigrationVersion.fromVersion(it.version()).compareTo(last) <= 0)
        .map(SchemaState.Migration::script)
        .toList();
  }

  private Optional<WorkResult> objection(List<String> made) throws SQLException {
    if (made.isEmpty()) {
      site.log().line("no script has a version up to %s: nothing is compared".formatted(version));
      return Optional.empty();
    }
    var serverWide = serverWide(made);
    return serverWide.isPresent()
        ? serverWide
        : new ScratchComparison(site, settings, scripts, version).objection();
  }

  /** Beside the live database only what stays within its own database may run. */
  private Optional<WorkResult> serverWide(List<String> made) {
    if (site.scratch() != null) {
      return Optional.empty();
    }
    for (var file : site.scripts().files()) {
      var statement = ServerWideStatement.in(file.content());
      if (made.contains(file.name()) && statement.isPresent()) {
        return Optional.of(
            WorkResult.failed(
                Outcome.SCRATCH_UNAVAILABLE,
                "%s has %s, which would act on the live server; name another server in spec.scratch to compare with"
                    .formatted(file.name(), statement.get())));
      }
    }
    return Optional.empty();
  }

  private WorkResult note(SchemaState.Flyway schema) throws SQLException {
    var order = site.order();
    var history = new WorkHistory(site.fence(), tables.historySchema());
    history.open(site.settings());
    history.closeUnendedAsInterrupted(); // the comparison tells how that ended
    long row = history.begin(HistoryEntry.of(Task.BASELINE.toString(), order));
    var source = site.fence().working(order.lockTimeoutMillis(), order.statementTimeoutMillis());
    site.log().receiveFlyway();
    try {
      if (tables.historyExists()) {
        new FlywayCatchUp(site, settings, scripts, tables, version).run(source, schema.current());
      } else {
        FlywayConfiguration.of(settings, scripts, source)
            .baselineVersion(version)
            .baselineDescription(DESCRIPTION)
            .load()
            .baseline();
      }
    } catch (FlywayException e) {
      return failed(history, row, e);
    }
    var rows =
        site.fence()
            .ask(
                connection ->
                    HistoryRows.read(connection, tables.historySchema(), settings.table()));
    history
        .done(row, rows.current(), rows.versions(), settings.table())
        .ifPresent(site.log()::unrecorded);
    return new WorkResult(Outcome.DONE, schema.current(), rows.current(), 0, null);
  }

  private WorkResult failed(WorkHistory history, long row, FlywayException e) throws SQLException {
    var progress = new MigrationProgress(site.order(), history, row, site.log());
    var failure = new MigrationFailure(site, progress).explain(e);
    if (!site.fence().isLost()) {
      history.finish(row, failure.outcome().text(), null, List.of());
    }
    return WorkResult.failed(failure.outcome(), failure.message());
  }
}
