package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.lifecycle.Progress.Step;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.lifecycle.SchemaState.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;

/** The way from what Flyway's history has to what the spec asks for: forward, back, or adopting. */
record FlywayRoute(Desired desired, DatabaseFacts facts, SchemaState.Flyway schema) {

  private static final Set<State> IN_DATABASE =
      Set.of(State.APPLIED, State.FUTURE, State.BELOW_BASELINE);

  private static final Set<State> CONFLICTING =
      Set.of(State.CHANGED, State.REMOVED, State.FAILED, State.SKIPPED);

  Progress progress() {
    var target = target();
    if (adopts()) {
      return adopting();
    }
    return Versions.compare(target, schema.current()) < 0 ? back(target) : forward(target);
  }

  private boolean adopts() {
    var adopting = new Adopting(desired, facts);
    if (adopting.withoutHistory(schema.historyExists(), schema.begun(), schema.tablesExist())) {
      return true;
    }
    var baseline = desired.baseline();
    return baseline != null
        && schema.tablesExist()
        && isInConflict(baseline.version())
        && adopting.anew(baseline.version());
  }

  /**
   * Whether the history lacks what is up to a version, or has it otherwise; never what is above.
   */
  private boolean isInConflict(String version) {
    int above = Versions.compare(version, schema.current());
    return above > 0
        || (above == 0
            && (facts.interrupted() != null
                || schema.migrations().stream()
                    .filter(it -> it.version() != null)
                    .filter(it -> Versions.compare(it.version(), version) <= 0)
                    .anyMatch(it -> CONFLICTING.contains(it.state()))));
  }

  private Progress adopting() {
    var baseline = new Adopting(desired, facts).baseline().version();
    var content =
        schema.migrations().stream()
            .filter(it -> it.version() != null && Versions.compare(it.version(), baseline) <= 0)
            .map(it -> String.valueOf(it.contentDigest()))
            .toList();
    return Progress.of(
        Task.BASELINE,
        schema.current(),
        baseline,
        desired.settingsDigest(),
        List.of(Migration.adopted(baseline, content)),
        List.of());
  }

  private Progress forward(@Nullable String target) {
    var pending =
        schema.migrations().stream()
            .filter(FlywayRoute::waits)
            .filter(it -> it.version() == null || Versions.compare(it.version(), target) <= 0)
            .toList();
    return Progress.of(
        Task.MIGRATE, schema.current(), target, desired.settingsDigest(), pending, applied());
  }

  private Progress back(@Nullable String target) {
    var pending =
        schema.migrations().stream()
            .filter(it -> it.version() != null && IN_DATABASE.contains(it.state()))
            .filter(it -> Versions.compare(it.version(), target) > 0)
            .sorted(newestFirst())
            .map(Migration::reverse)
            .toList();
    return Progress.of(
        Task.UNDO, schema.current(), target, desired.settingsDigest(), pending, undone());
  }

  private static boolean waits(Migration migration) {
    return migration.state() == State.PENDING || migration.state() == State.FAILED;
  }

  private @Nullable String target() {
    if (!desired.target().equals(Desired.LATEST)) {
      return desired.target();
    }
    return newestScript().orElse(schema.current());
  }

  private Optional<String> newestScript() {
    return schema.migrations().stream()
        .filter(it -> it.contentDigest() != null)
        .<String>mapMulti(
            (it, versions) -> {
              if (it.version() != null) {
                versions.accept(it.version());
              }
            })
        .max(Comparator.comparing(MigrationVersion::fromVersion));
  }

  private List<Step> applied() {
    var steps = new ArrayList<Step>();
    var from = baseline();
    for (var migration : schema.migrations()) {
      if (migration.version() != null && migration.state() == State.APPLIED) {
        steps.add(new Step(from, String.valueOf(migration.contentDigest())));
        from = migration.version();
      }
    }
    return steps;
  }

  /** What may have been taken back before: every script above, newest first. */
  private List<Step> undone() {
    return schema.migrations().stream()
        .filter(it -> it.version() != null && it.undoDigest() != null)
        .filter(it -> Versions.compare(it.version(), schema.current()) > 0)
        .sorted(newestFirst())
        .map(it -> new Step(it.version(), String.valueOf(it.undoDigest())))
        .toList();
  }

  private static Comparator<Migration> newestFirst() {
    return (one, other) -> Versions.compare(other.version(), one.version());
  }

  private @Nullable String baseline() {
    return schema.migrations().stream()
        .filter(it -> it.state() == State.BELOW_BASELINE)
        .map(Migration::version)
        .reduce((first, second) -> second)
        .orElse(null);
  }
}
