package io.tunetrail.operator.database;

import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.ScriptListing;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.lifecycle.SchemaState.State;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.api.CoreMigrationType;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;

/**
 * Reads what Flyway's history and the scripts say together, by Flyway's own rules.
 *
 * @param settings of the resource
 * @param listing of its scripts
 * @param tables what stands in the schemas
 */
public record FlywayHistory(FlywaySettings settings, ScriptListing listing, SchemaTables tables) {

  /**
   * What was read.
   *
   * @param corrected scripts that failed and have another content now
   */
  public record Reading(SchemaState state, Set<String> corrected) {

    /** Flyway quotes what it finds in the history. */
    Reading without(Redaction redaction) {
      return state instanceof SchemaState.Unreadable unreadable
          ? new Reading(new SchemaState.Unreadable(redaction.apply(unreadable.detail())), corrected)
          : this;
    }
  }

  /**
   * The state of the schema; writes nothing. {@code source} may give sessions with any search path.
   */
  public Reading read(DataSource source) throws SQLException {
    try {
      var scripts = new ListedScripts(listing);
      var configuration =
          FlywayConfiguration.of(settings, scripts, source)
              .resolvers(scripts)
              .defaultSchema(tables.historySchema());
      var all = configuration.load().info().all();
      return new Reading(state(all, scripts), corrected(all));
    } catch (FlywayException e) {
      throwIfSql(e);
      return new Reading(new SchemaState.Unreadable(oneLine(e)), Set.of());
    }
  }

  private SchemaState state(MigrationInfo[] all, ListedScripts scripts) {
    var baselineScripts = baselineScripts(all);
    if (!tables.historyExists() && !baselineScripts.isEmpty()) {
      return new SchemaState.Unreadable(
          "%s: a baseline migration on a schema without history runs whatever the target is; leave it out, so that the versions run one by one"
              .formatted(baselineScripts));
    }
    var migrations = new ArrayList<Migration>();
    for (var info : all) {
      var state = state(info);
      if (state != null && !isMarkerOfScript(info, all)) {
        migrations.add(migration(info, state, scripts));
      }
    }
    return new SchemaState.Flyway(
        tables.historyExists(), tables.tablesExist(), current(all), List.copyOf(migrations));
  }

  private static Set<String> corrected(MigrationInfo[] all) {
    return Stream.of(all)
        .filter(
            it ->
                it.getState().isFailed() && it.getState().isResolved() && !it.isChecksumMatching())
        .map(MigrationInfo::getScript)
        .collect(Collectors.toSet());
  }

  private static Migration migration(MigrationInfo info, State state, ListedScripts scripts) {
    return new Migration(
        info.getVersion() == null ? null : info.getVersion().getVersion(),
        Objects.requireNonNullElse(info.getDescription(), ""),
        Objects.requireNonNullElse(info.getScript(), ""),
        scripts.contentDigest(Objects.requireNonNullElse(info.getScript(), "")),
        info.getVersion() == null ? null : scripts.undoDigest(info.getVersion()),
        state);
  }

  /**
   * Null for what is no migration of its own: Flyway's markers and older runs of repeatable
   * scripts.
   */
  private static @Nullable State state(MigrationInfo info) {
    if (info.getType() == CoreMigrationType.SCHEMA || info.getType() == CoreMigrationType.DELETE) {
      return null;
    }
    return switch (info.getState()) {
      case PENDING -> State.PENDING;
      case SUCCESS, OUT_OF_ORDER -> isChanged(info) ? State.CHANGED : State.APPLIED;
      case BASELINE, BELOW_BASELINE, BASELINE_IGNORED -> State.BELOW_BASELINE;
      case IGNORED -> State.SKIPPED;
      case FAILED, MISSING_FAILED, FUTURE_FAILED -> State.FAILED;
      case MISSING_SUCCESS -> State.REMOVED;
      case FUTURE_SUCCESS -> State.FUTURE;
      case ABOVE_TARGET, UNDONE, AVAILABLE, OUTDATED, SUPERSEDED, DELETED -> null;
    };
  }

  private static boolean isChanged(MigrationInfo info) {
    return info.getVersion() != null
        && !(info.isChecksumMatching() && info.isDescriptionMatching() && info.isTypeMatching());
  }

  /** The baseline's own row stands beside the script of its version, if there is one. */
  private static boolean isMarkerOfScript(MigrationInfo info, MigrationInfo[] all) {
    return info.getType() == CoreMigrationType.BASELINE
        && Stream.of(all)
            .filter(it -> it.getType() != CoreMigrationType.BASELINE)
            .anyMatch(it -> Objects.equals(it.getVersion(), info.getVersion()));
  }

  private static @Nullable String current(MigrationInfo[] all) {
    return Stream.of(all)
        .filter(it -> it.getVersion() != null && isPartOfSchema(it))
        .map(MigrationInfo::getVersion)
        .max(MigrationVersion::compareTo)
        .map(MigrationVersion::getVersion)
        .orElse(null);
  }

  private static boolean isPartOfSchema(MigrationInfo info) {
    return switch (info.getState()) {
      case SUCCESS, OUT_OF_ORDER, BASELINE, MISSING_SUCCESS, FUTURE_SUCCESS -> true;
      case PENDING,
          ABOVE_TARGET,
          BELOW_BASELINE,
          BASELINE_IGNORED,
          IGNORED,
          MISSING_FAILED,
          UNDONE,
          AVAILABLE,
          FAILED,
          FUTURE_FAILED,
          OUTDATED,
          SUPERSEDED,
          DELETED ->
          false;
    };
  }

  private static String baselineScripts(MigrationInfo[] all) {
    return Stream.of(all)
        .filter(it -> it.getType().isBaseline() && !it.getType().isSynthetic())
        .map(MigrationInfo::getScript)
        .collect(Collectors.joining(", "));
  }

  private static void throwIfSql(FlywayException failure) throws SQLException {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        throw sql;
      }
    }
  }

  /** Flyway lays its messages out over several lines. */
  private static String oneLine(FlywayException failure) {
    return Objects.requireNonNullElse(failure.getMessage(), "Flyway gave no reason")
        .strip()
        .replaceAll("\\s*\\R\\s*", "; ");
  }
}
