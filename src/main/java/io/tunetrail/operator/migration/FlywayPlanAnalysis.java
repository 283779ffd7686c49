package io.tunetrail.operator.migration;

import io.tunetrail.operator.analysis.Analysis;
import io.tunetrail.operator.analysis.PlannedStatement;
import io.tunetrail.operator.analysis.Squawk;
import io.tunetrail.operator.database.DatabaseLocale;
import io.tunetrail.operator.database.MigrationScripts;
import io.tunetrail.operator.database.Scratch;
import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.database.Surroundings;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.ScriptListing;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;

/**
 * The analysis of what Flyway would run, on a scratch database at the version that it begins with
 * where one is to be had. Nothing that goes wrong with that one is a reason to show no plan.
 */
record FlywayPlanAnalysis(
    Work.Site site,
    FlywaySettings settings,
    MigrationScripts scripts,
    List<PlannedStatement> statements) {

  /**
   * Analyses.
   *
   * @param from the version that the database has; null before the first
   */
  Analysis from(@Nullable String from) throws SQLException, InterruptedException {
    try (var live = openLive()) {
      var surroundings = Surroundings.read(live);
      var why = serverWide(from);
      if (why.isPresent()) {
        return without(live, why.get());
      }
      return switch (made(DatabaseLocale.read(live))) {
        case Scratch.Attempt.Unavailable unavailable -> without(live, unavailable.detail());
        case Scratch.Attempt.Made made -> {
          try (var scratch = made.scratch()) {
            yield on(scratch, live, surroundings, from);
          }
        }
      };
    }
  }

  private Analysis on(
      Scratch scratch, Connection live, Surroundings surroundings, @Nullable String from)
      throws SQLException, InterruptedException {
    var failure = prepared(scratch, surroundings, from);
    if (failure.isPresent()) {
      return without(live, String.valueOf(failure.get().message()));
    }
    try (var connection = scratch.open()) {
      return analysis(live, connection);
    }
  }

  private Optional<WorkResult> prepared(
      Scratch scratch, Surroundings surroundings, @Nullable String from) throws SQLException {
    if (from != null) {
      return new ScratchRun(site, settings, scripts, from, scratch).migrate(surroundings);
    }
    try (var connection = scratch.open()) {
      surroundings.make(connection, _ -> false);
    }
    return Optional.empty();
  }

  private Scratch.Attempt made(DatabaseLocale locale) {
    var server = site.scratch() == null ? site.settings() : site.scratch();
    try {
      return Scratch.make(server, site.order().job(), locale);
    } catch (SQLException e) {
      return new Scratch.Attempt.Unavailable(SqlFailure.of(e, server).detail());
    }
  }

  /** Beside the live database only what stays within its own database may run. */
  private Optional<String> serverWide(@Nullable String from) {
    if (site.scratch() != null || from == null) {
      return Optional.empty();
    }
    var last = MigrationVersion.fromVersion(from);
    var made =
        scripts.listing().files().stream()
            .filter(it -> it.kind() == ScriptListing.Kind.VERSIONED)
            .filter(it -> MigrationVersion.fromVersion(it.version()).compareTo(last) <= 0)
            .map(ScriptListing.Listed::name)
            .toList();
    return site.scripts().files().stream()
        .filter(it -> made.contains(it.name()))
        .flatMap(it -> ServerWideStatement.in(it.content()).stream())
        .findFirst();
  }

  private Analysis without(Connection live, String why) throws SQLException, InterruptedException {
    site.log().line("analysed without a scratch database: " + why);
    return analysis(live, null);
  }

  private Analysis analysis(Connection live, @Nullable Connection scratch)
      throws SQLException, InterruptedException {
    return new PlanAnalysis(Squawk.installed()).of(statements, live, scratch);
  }

  private Connection openLive() throws SQLException {
    var order = site.order();
    var live = site.fence().openWorking(order.lockTimeoutMillis(), order.statementTimeoutMillis());
    live.setReadOnly(true);
    return live;
  }
}
