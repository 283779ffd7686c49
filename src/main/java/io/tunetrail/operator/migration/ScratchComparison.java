package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.DatabaseLocale;
import io.tunetrail.operator.database.MigrationScripts;
import io.tunetrail.operator.database.SchemaDescription;
import io.tunetrail.operator.database.Scratch;
import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.database.Surroundings;
import io.tunetrail.operator.engine.FlywaySettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Whether the live database holds what the scripts make of an empty one: they run on a scratch
 * database, and the two are compared.
 */
record ScratchComparison(
    Work.Site site, FlywaySettings settings, MigrationScripts scripts, String version) {
  private static final int NAMED = 10;

  /** What of the live database matters to scripts that run beside it. */
  private record Live(Surroundings surroundings, DatabaseLocale locale) {

    static Live read(Connection connection) throws SQLException {
      return new Live(Surroundings.read(connection), DatabaseLocale.read(connection));
    }
  }

  /** Why the live database can't be taken for the version; empty when it can. */
  Optional<WorkResult> objection() throws SQLException {
    Live live;
    try (var connection = openLive()) {
      live = Live.read(connection);
    }
    Scratch.Attempt attempt;
    try {
      attempt = Scratch.make(server(), site.order().job(), live.locale());
    } catch (SQLException e) {
      return unavailable(SqlFailure.of(e, server()).detail());
    }
    return switch (attempt) {
      case Scratch.Attempt.Unavailable unavailable -> unavailable(unavailable.detail());
      case Scratch.Attempt.Made made -> {
        try (var scratch = made.scratch()) {
          yield compared(scratch, live.surroundings());
        }
      }
    };
  }

  private Optional<WorkResult> compared(Scratch scratch, Surroundings surroundings)
      throws SQLException {
    site.log()
        .line(
            "comparing with version %s in the scratch database %s: %s"
                .formatted(version, scratch.settings().database(), SchemaDescription.SCOPE));
    List<String> schemas;
    SchemaDescription expected;
    try {
      var run = new ScratchRun(site, settings, scripts, version, scratch);
      var failure = run.migrate(surroundings);
      if (failure.isPresent()) {
        return failure;
      }
      try (var connection = scratch.open()) {
        schemas = SchemaDescription.userSchemas(connection);
        expected = read(connection, schemas);
      }
    } catch (SQLException e) {
      return unavailable(SqlFailure.of(e, scratch.settings()).detail());
    }
    try (var connection = openLive()) {
      return verdict(expected.differences(read(connection, schemas)));
    }
  }

  private SchemaDescription read(Connection connection, Collection<String> schemas)
      throws SQLException {
    return SchemaDescription.read(connection, schemas, List.of(settings.table()));
  }

  private Optional<WorkResult> verdict(List<String> differences) {
    if (differences.isEmpty()) {
      return Optional.empty();
    }
    var named = String.join("; ", differences.subList(0, Math.min(NAMED, differences.size())));
    int more = differences.size() - NAMED;
    return Optional.of(
        WorkResult.failed(
            Outcome.SCHEMA_DIFFERS,
            "the tables are not those of version %s, %s: %s%s"
                .formatted(
                    version,
                    differences.size() == 1 ? "1 difference" : differences.size() + " differences",
                    named,
                    more > 0 ? "; and %d more".formatted(more) : "")));
  }

  private Connection openLive() throws SQLException {
    var order = site.order();
    return site.fence().openWorking(order.lockTimeoutMillis(), order.statementTimeoutMillis());
  }

  private ConnectionSettings server() {
    return site.scratch() == null ? site.settings() : site.scratch();
  }

  /** PostgreSQL's own words don't tell which of two servers said them. */
  private Optional<WorkResult> unavailable(String detail) {
    return Optional.of(
        WorkResult.failed(
            Outcome.SCRATCH_UNAVAILABLE,
            site.scratch() == null ? detail : "spec.scratch: " + detail));
  }
}
