package io.tunetrail.operator.migration;

import static java.util.stream.Collectors.joining;

import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.lifecycle.SchemaState.State;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;

/** What must hold between history, scripts and order before anything may run. */
final class HistoryVerdict {
  private static final int MOST_NAMED = 5;

  private HistoryVerdict() {}

  /** Why nothing may run; empty when it may. */
  static Optional<WorkResult> objection(SchemaState.Flyway schema, WorkOrder order) {
    return objectionToUndo(schema, order)
        .or(
            () ->
                conflict(schema, State.SKIPPED, "not applied, although the database is beyond it"));
  }

  /** Why nothing may be taken back; what was skipped is in nobody's way there. */
  static Optional<WorkResult> objectionToUndo(SchemaState.Flyway schema, WorkOrder order) {
    return withoutHistory(schema, order)
        .or(() -> conflict(schema, State.CHANGED, "changed since it was applied"))
        .or(() -> conflict(schema, State.REMOVED, "applied, but the script is gone"));
  }

  /** What would run, in order: the versions up to the target and repeatable scripts. */
  static List<Migration> pending(SchemaState.Flyway schema, WorkOrder order) {
    return schema.migrations().stream()
        .filter(it -> it.state() == State.PENDING || it.state() == State.FAILED)
        .filter(it -> it.version() == null || isUpToTarget(it.version(), order.target()))
        .toList();
  }

  /** What would be taken back, in order: every version above the target, newest first. */
  static List<Migration> above(SchemaState.Flyway schema, WorkOrder order) {
    return schema.migrations().stream()
        .filter(it -> it.state() == State.APPLIED || it.state() == State.FUTURE)
        .filter(it -> it.version() != null && isAbove(it.version(), order.target()))
        .sorted(Comparator.comparing(HistoryVerdict::number).reversed())
        .toList();
  }

  /** Whether the target is below what the history tells of. */
  static Optional<WorkResult> belowBaseline(
      SchemaState.Flyway schema, @Nullable String baseline, WorkOrder order) {
    return baseline == null || !isAbove(baseline, order.target())
        ? Optional.empty()
        : Optional.of(
            WorkResult.failedAt(
                schema.current(),
                Outcome.UNDO_SCRIPT_MISSING,
                "version %s is the baseline; nothing below it can be taken back"
                    .formatted(baseline)));
  }

  /** Whether versions are without the script that takes them back. */
  static Optional<WorkResult> irreversible(SchemaState.Flyway schema, List<Migration> versions) {
    return named(versions.stream().filter(it -> it.undoDigest() == null))
        .map(
            it ->
                WorkResult.failedAt(
                    schema.current(),
                    Outcome.UNDO_SCRIPT_MISSING,
                    "nothing takes these scripts back: " + it));
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

  /** Every version is above none. */
  private static boolean isAbove(String version, @Nullable String target) {
    return target == null || !isUpToTarget(version, target);
  }

  private static MigrationVersion number(Migration migration) {
    return MigrationVersion.fromVersion(String.valueOf(migration.version()));
  }

  private static Optional<WorkResult> withoutHistory(SchemaState.Flyway schema, WorkOrder order) {
    var settings = Objects.requireNonNull(order.flyway());
    return schema.historyExists() || !schema.tablesExist()
        ? Optional.empty()
        : Optional.of(
            WorkResult.failed(
                Outcome.HISTORY_CONFLICT,
                "the schema has tables but no history table %s; if they come from an earlier version, set migration.adopt to Baseline and migration.baselineVersion to it"
                    .formatted(settings.table())));
  }

  private static Optional<WorkResult> conflict(
      SchemaState.Flyway schema, State state, String what) {
    return named(schema.migrations().stream().filter(it -> it.state() == state))
        .map(
            it ->
                WorkResult.failedAt(
                    schema.current(), Outcome.HISTORY_CONFLICT, "%s: %s".formatted(it, what)));
  }

  /** The first of these scripts by name; empty where there are none. */
  private static Optional<String> named(Stream<Migration> migrations) {
    var names = migrations.map(Migration::script).limit(MOST_NAMED).collect(joining(", "));
    return names.isEmpty() ? Optional.empty() : Optional.of(names);
  }

  private static String named(@Nullable String version) {
    return version == null ? "no version" : "version " + version;
  }
}
