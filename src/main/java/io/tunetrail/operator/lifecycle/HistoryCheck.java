package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.lifecycle.SchemaState.State;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether history, scripts and target fit together, so that a migration may run. */
final class HistoryCheck {
  private HistoryCheck() {}

  static Optional<Verdict> objection(
      Desired desired, DatabaseFacts facts, SchemaState.Flyway schema, Progress progress) {
    return interrupted(desired, facts)
        .or(() -> withoutHistory(desired, schema))
        .or(() -> changed(schema))
        .or(() -> removed(schema))
        .or(() -> target(schema, progress))
        .or(() -> skipped(schema, progress));
  }

  private static Optional<Verdict> interrupted(Desired desired, DatabaseFacts facts) {
    var interrupted = facts.interrupted();
    if (interrupted == null || !Objects.equals(interrupted.retry(), desired.retry())) {
      return Optional.empty();
    }
    var invalid =
        facts.invalidIndexes().isEmpty()
            ? ""
            : "; invalid indexes: " + String.join(", ", facts.invalidIndexes());
    return Optional.of(
        new Verdict(
            Reason.HISTORY_CONFLICT,
            "%s runs outside a transaction and was cut off in Job %s, so how far it got is not known%s"
                .formatted(interrupted.script(), interrupted.job(), invalid)));
  }

  private static Optional<Verdict> withoutHistory(Desired desired, SchemaState.Flyway schema) {
    var flyway = Objects.requireNonNull(desired.flyway());
    return schema.historyExists() || !schema.tablesExist() || flyway.baselineVersion() != null
        ? Optional.empty()
        : Optional.of(
            new Verdict(
                Reason.TABLES_WITHOUT_HISTORY,
                "the schema has tables but no history table " + flyway.table()));
  }

  private static Optional<Verdict> changed(SchemaState.Flyway schema) {
    return named(schema, State.CHANGED)
        .map(it -> new Verdict(Reason.CHECKSUM_CHANGED, "changed since it was applied: " + it));
  }

  private static Optional<Verdict> removed(SchemaState.Flyway schema) {
    return named(schema, State.REMOVED)
        .map(
            it ->
                new Verdict(
                    Reason.SCRIPT_REMOVED, "applied, but there is no such script any more: " + it));
  }

  private static Optional<Verdict> target(SchemaState.Flyway schema, Progress progress) {
    if (Versions.compare(progress.target(), progress.current()) < 0) {
      return Optional.of(
          new Verdict(
              Reason.TARGET_BELOW_DATABASE,
              "the target is %s, the database is at %s"
                  .formatted(progress.target(), progress.current())));
    }
    boolean exists =
        Versions.same(progress.target(), progress.current())
            || schema.migrations().stream()
                .anyMatch(
                    it -> it.version() != null && Versions.same(it.version(), progress.target()));
    return exists
        ? Optional.empty()
        : Optional.of(
            new Verdict(
                Reason.TARGET_NOT_FOUND,
                "no script has version %s; the newest are %s"
                    .formatted(progress.target(), newest(schema))));
  }

  private static Optional<Verdict> skipped(SchemaState.Flyway schema, Progress progress) {
    return named(schema, State.SKIPPED)
        .map(
            it ->
                new Verdict(
                    Reason.OUT_OF_ORDER,
                    "not applied, although the database is at %s already: %s"
                        .formatted(progress.current(), it)));
  }

  private static Optional<String> named(SchemaState.Flyway schema, State state) {
    var names =
        schema.migrations().stream()
            .filter(it -> it.state() == state)
            .map(Migration::script)
            .limit(5)
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? Optional.empty() : Optional.of(names);
  }

  private static String newest(SchemaState.Flyway schema) {
    var versions =
        schema.migrations().stream()
            .filter(it -> it.version() != null && it.contentDigest() != null)
            .map(Migration::version)
            .toList();
    return versions.isEmpty()
        ? "none"
        : versions.subList(Math.max(0, versions.size() - 5), versions.size()).stream()
            .map(Objects::toString)
            .collect(Collectors.joining(", "));
  }
}
