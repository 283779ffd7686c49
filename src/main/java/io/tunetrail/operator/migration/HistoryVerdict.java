package io.tunetrail.operator.migration;

import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.lifecycle.SchemaState.State;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;

/** What must hold between history, scripts and order before anything may run. */
final class HistoryVerdict {
  private HistoryVerdict() {}

  /** Why nothing may run; empty when it may. */
  static Optional<WorkResult> objection(SchemaState.Flyway schema, WorkOrder order) {
    return withoutHistory(schema, order)
        .or(() -> conflict(schema, State.CHANGED, "changed since it was applied"))
        .or(() -> conflict(schema, State.REMOVED, "applied, but the script is gone"))
        .or(
            () ->
                conflict(schema, State.SKIPPED, "not applied, although the database is beyond it"));
  }

  /** What would run, in order: the versions up to the target and repeatable scripts. */
  static List<Migration> pending(SchemaState.Flyway schema, WorkOrder order) {
    return schema.migrations().stream()
        .filter(it -> it.state() == State.PENDING || it.state() == State.FAILED)
        .filter(it -> it.version() == null || isUpToTarget(it.version(), order.target()))
        .toList();
  }

  /** Whether the database moved since the work was planned. */
  static Optional<WorkResult> moved(SchemaState.Flyway schema, WorkOrder order) {
    return sameVersion(schema.current(), order.from())
        ? Optional.empty()
        : Optional.of(
            WorkResult.failedAt(
                schema.current(),
                Outcome.INPUTS_CHANGED,
                "the database is at %s, this Job is for %s"
                    .formatted(named(schema.current()), named(order.from()))));
  }

  static boolean sameVersion(@Nullable String one, @Nullable String other) {
    if (one == null || other == null) {
      return Objects.equals(one, other);
    }
    return MigrationVersion.fromVersion(one).compareTo(MigrationVersion.fromVersion(other)) == 0;
  }

  private static boolean isUpToTarget(String version, @Nullable String target) {
    return target == null
        || MigrationVersion.fromVersion(version).compareTo(MigrationVersion.fromVersion(target))
            <= 0;
  }

  private static Optional<WorkResult> withoutHistory(SchemaState.Flyway schema, WorkOrder order) {
    var settings = Objects.requireNonNull(order.flyway());
    return schema.historyExists() || !schema.tablesExist() || settings.baselineVersion() != null
        ? Optional.empty()
        : Optional.of(
            WorkResult.failed(
                Outcome.HISTORY_CONFLICT,
                "the schema has tables but no history table %s; if they come from an earlier version, set schema.flyway.baselineVersion to it"
                    .formatted(settings.table())));
  }

  private static Optional<WorkResult> conflict(
      SchemaState.Flyway schema, State state, String what) {
    var scripts =
        schema.migrations().stream()
            .filter(it -> it.state() == state)
            .map(Migration::script)
            .limit(5)
            .collect(Collectors.joining(", "));
    return scripts.isEmpty()
        ? Optional.empty()
        : Optional.of(
            WorkResult.failedAt(
                schema.current(), Outcome.HISTORY_CONFLICT, "%s: %s".formatted(scripts, what)));
  }

  private static String named(@Nullable String version) {
    return version == null ? "no version" : "version " + version;
  }
}
