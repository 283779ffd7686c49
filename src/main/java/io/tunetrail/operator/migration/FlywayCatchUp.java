package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.FlywayConfiguration;
import io.tunetrail.operator.database.HistoryRows;
import io.tunetrail.operator.database.HistoryRows.Noted;
import io.tunetrail.operator.database.MigrationScripts;
import io.tunetrail.operator.database.SchemaTables;
import io.tunetrail.operator.engine.FlywaySettings;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreMigrationType;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.internal.util.AbbreviationUtils;
import org.jspecify.annotations.Nullable;

/**
 * Brings a history to a version that a comparison found in the tables. What it tells of stays: by
 * Flyway's own repair it tells of the scripts as they are now, and then of those that it lacked.
 */
record FlywayCatchUp(
    Work.Site site,
    FlywaySettings settings,
    MigrationScripts scripts,
    SchemaTables tables,
    String version) {
  private static final Set<MigrationState> LACKING =
      Set.of(MigrationState.PENDING, MigrationState.IGNORED);

  /**
   * Does it.
   *
   * @param current the version that the history has; null: none
   */
  void run(DataSource source, @Nullable String current) throws SQLException {
    var flyway = FlywayConfiguration.of(settings, scripts, source).load();
    flyway.repair();
    var rows = current == null ? List.of(baseline()) : missing(flyway);
    rows.forEach(it -> site.log().line("noted as applied: " + it.script()));
    try {
      site.fence()
          .ask(
              connection -> {
                HistoryRows.note(connection, tables.historySchema(), settings.table(), rows);
                return rows;
              });
    } catch (SQLException e) {
      throw new FlywayException("the history can't be brought to version " + version, e);
    }
  }

  private Noted baseline() {
    return new Noted(
        version,
        FlywayAdoption.DESCRIPTION,
        CoreMigrationType.BASELINE.name(),
        FlywayAdoption.DESCRIPTION,
        null);
  }

  /** Every script up to the version that the history does not tell of. */
  private List<Noted> missing(Flyway flyway) {
    var last = MigrationVersion.fromVersion(version);
    return Stream.of(flyway.info().all())
        .filter(it -> it.getVersion() != null && it.getVersion().compareTo(last) <= 0)
        .filter(it -> !it.getType().isBaseline() && LACKING.contains(it.getState()))
        .map(FlywayCatchUp::applied)
        .toList();
  }

  private static Noted applied(MigrationInfo info) {
    return new Noted(
        info.getVersion().getVersion(),
        Objects.requireNonNullElse(
            AbbreviationUtils.abbreviateDescription(info.getDescription()), ""),
        info.getType().name(),
        AbbreviationUtils.abbreviateScript(info.getScript()),
        info.getChecksum());
  }
}
