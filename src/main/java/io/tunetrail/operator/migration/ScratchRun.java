package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.FlywayConfiguration;
import io.tunetrail.operator.database.MigrationScripts;
import io.tunetrail.operator.database.Scratch;
import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.database.Surroundings;
import io.tunetrail.operator.engine.FlywaySettings;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;

/** The versioned scripts up to a version, run by Flyway in a scratch database. */
record ScratchRun(
    Work.Site site,
    FlywaySettings settings,
    MigrationScripts scripts,
    String version,
    Scratch scratch) {
  /** What a role that already exists, and a right that only an administrator has, are told by. */
  private static final Set<String> OTHERWISE_ELSEWHERE = Set.of("42710", "42501");

  /** Runs them; the failure says that it happened on the scratch database. */
  Optional<WorkResult> migrate(Surroundings surroundings) throws SQLException {
    var refused = prepare(surroundings);
    refused.forEach(it -> site.log().line("not in the scratch database: " + it));
    try {
      flyway(surroundings).migrate();
      return Optional.empty();
    } catch (FlywayException e) {
      return Optional.of(failed(e));
    }
  }

  private List<String> prepare(Surroundings surroundings) throws SQLException {
    try (var connection = scratch.open()) {
      return surroundings.make(connection, this::madeByScripts);
    }
  }

  private boolean madeByScripts(String extension) {
    var create =
        Pattern.compile(
            "\\bCREATE\\s+EXTENSION\\b[^;]*\\b" + Pattern.quote(extension) + "\\b",
            Pattern.CASE_INSENSITIVE);
    return site.scripts().files().stream().anyMatch(it -> create.matcher(it.content()).find());
  }

  private Flyway flyway(Surroundings surroundings) {
    var order = site.order();
    var source =
        scratch.sessions(
            surroundings.searchPath(), order.lockTimeoutMillis(), order.statementTimeoutMillis());
    var flyway =
        FlywayConfiguration.of(settings, scripts, source)
            .resourceProvider(new VersionedOnly(scripts, settings.repeatableSqlMigrationPrefix()))
            .target(MigrationVersion.fromVersion(version))
            .load();
    site.log().receiveFlyway();
    return flyway;
  }

  /** Repeatable scripts are not part of a version, and run after the adoption as ever. */
  private record VersionedOnly(ResourceProvider all, String repeatablePrefix)
      implements ResourceProvider {

    @Override
    public LoadableResource getResource(String name) {
      return all.getResource(name);
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
      return prefix.equals(repeatablePrefix) ? List.of() : all.getResources(prefix, suffixes);
    }
  }

  private WorkResult failed(FlywayException e) {
    var sql = MigrationFailure.cause(e, SQLException.class);
    if (sql == null) {
      return WorkResult.failed(Outcome.INVALID_INPUT, MigrationFailure.oneLine(e));
    }
    var what = SqlFailure.of(sql, scratch.settings());
    var elsewhere =
        site.scratch() == null && OTHERWISE_ELSEWHERE.contains(String.valueOf(sql.getSQLState()))
            ? "; on another server, which spec.scratch names, it may pass"
            : "";
    return WorkResult.failed(
        outcome(what),
        "on the scratch database: " + MigrationFailure.where(e, sql) + what.detail() + elsewhere);
  }

  private Outcome outcome(SqlFailure what) {
    if (site.fence().isLost()) {
      return Outcome.CONNECTION_LOST;
    }
    if (what.lost()) {
      return Outcome.SCRATCH_UNAVAILABLE;
    }
    return switch (what.reason()) {
      case STATEMENT_TIMEOUT -> Outcome.STATEMENT_TIMEOUT;
      case LOCK_TIMEOUT -> Outcome.LOCK_TIMEOUT;
      default -> Outcome.SQL_FAILED;
    };
  }
}
