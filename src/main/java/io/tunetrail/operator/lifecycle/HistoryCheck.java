package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.Rollback;
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
    if (progress.task() == Task.BASELINE) {
      return engineChanged(desired, facts, schema.historyExists())
          .or(() -> target(schema, progress));
    }
    return engineChanged(desired, facts, schema.historyExists())
        .or(() -> restored(desired, facts, schema, progress))
        .or(() -> interrupted(desired, facts))
        .or(
            () ->
                schema.historyExists()
                    ? Optional.empty()
                    : withoutHistory(desired, facts, schema.tablesExist()))
        .or(() -> changed(schema))
        .or(() -> removed(schema))
        .or(() -> target(schema, progress))
        .or(() -> back(desired, progress))
        .or(() -> skipped(schema, progress));
  }

  static Optional<Verdict> objection(
      Desired desired, DatabaseFacts facts, SchemaState.Alembic schema, Progress progress) {
    return engineChanged(desired, facts, schema.historyExists())
        .or(
            () ->
                schema.historyExists()
                    ? Optional.empty()
                    : withoutHistory(desired, facts, schema.tablesExist()))
        .or(() -> back(desired, progress));
  }

  /** One of two histories is not true, or will not be after the next migration. */
  private static Optional<Verdict> engineChanged(
      Desired desired, DatabaseFacts facts, boolean ownExists) {
    return facts.foreignHistories().stream()
        .filter(it -> it.retirement() != null)
        .findFirst()
        .map(
            it ->
                new Verdict(
                    Reason.ENGINE_CHANGED,
                    "the database's history is in %s, %s %s; it is given up by: %s;"
                        .formatted(
                            it.table(),
                            ownExists ? "and a second one in" : "and not in",
                            historyTable(desired),
                            it.retirement())));
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

  private static Optional<Verdict> withoutHistory(
      Desired desired, DatabaseFacts facts, boolean tablesExist) {
    return !tablesExist || desired.baseline() != null
        ? Optional.empty()
        : Optional.of(
            new Verdict(
                Reason.TABLES_WITHOUT_HISTORY,
                facts.createAllDigest() == null
                    ? "the schema has tables but no history table " + historyTable(desired)
                    : "the schema's tables were made by create-all, so there is no history table "
                        + historyTable(desired)));
  }

  private static String historyTable(Desired desired) {
    return desired.alembic() == null
        ? Objects.requireNonNull(desired.flyway()).table()
        : desired.alembic().versionTable();
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
    boolean exists =
        Versions.compare(progress.target(), progress.current()) == 0
            || schema.migrations().stream()
                .anyMatch(
                    it ->
                        it.version() != null
                            && Versions.compare(it.version(), progress.target()) == 0);
    return exists
        ? Optional.empty()
        : Optional.of(
            new Verdict(
                Reason.TARGET_NOT_FOUND,
                "no script has version %s; the newest are %s"
                    .formatted(progress.target(), newest(schema))));
  }

  private static Optional<Verdict> back(Desired desired, Progress progress) {
    if (progress.task() != Task.UNDO) {
      return Optional.empty();
    }
    return switch (desired.rollback()) {
      case FORBID -> Optional.of(forbidden(desired, progress));
      case UNDO -> withoutReverse(progress);
      case RESTORE -> Optional.of(below(progress));
    };
  }

  private static Verdict forbidden(Desired desired, Progress progress) {
    var versions =
        progress.pending().stream()
            .limit(5)
            .map(it -> String.valueOf(it.version()))
            .collect(Collectors.joining(", "));
    return new Verdict(
        Reason.TARGET_BELOW_DATABASE,
        "the target is %s, the database is at %s; going back would undo %s by %s"
            .formatted(
                Objects.requireNonNullElse(progress.target(), "base"),
                progress.current(),
                versions,
                desired.alembic() == null
                    ? "the project's own reverse scripts"
                    : "alembic downgrade"));
  }

  private static Verdict below(Progress progress) {
    return new Verdict(
        Reason.ROLLBACK_AWAITS_RESTORE,
        "the target is %s, the database is at %s"
            .formatted(Objects.requireNonNullElse(progress.target(), "base"), progress.current()));
  }

  /**
   * A backup brings back what it holds, whatever became of the scripts that ran since; and a script
   * outside a transaction that failed half-way is taken back by it, too, once nobody asks for its
   * version any more.
   */
  private static Optional<Verdict> restored(
      Desired desired, DatabaseFacts facts, SchemaState.Flyway schema, Progress progress) {
    if (desired.rollback() != Rollback.RESTORE) {
      return Optional.empty();
    }
    return progress.task() == Task.UNDO
        ? Optional.of(below(progress))
        : halfDone(desired, facts, schema, progress)
            .map(
                script ->
                    new Verdict(
                        Reason.ROLLBACK_AWAITS_RESTORE,
                        "the target is %s, and %s, which is above it, was done by half"
                            .formatted(progress.target(), script)));
  }

  private static Optional<String> halfDone(
      Desired desired, DatabaseFacts facts, SchemaState.Flyway schema, Progress progress) {
    if (desired.target().equals(Desired.LATEST)
        || Versions.compare(progress.target(), progress.current()) != 0) {
      return Optional.empty();
    }
    var failed =
        schema.migrations().stream()
            .filter(it -> it.state() == State.FAILED)
            .filter(it -> Versions.compare(it.version(), progress.target()) > 0)
            .map(Migration::script)
            .findFirst();
    var interrupted = facts.interrupted();
    return failed.isEmpty()
            && interrupted != null
            && Objects.equals(interrupted.retry(), desired.retry())
        ? Optional.of(interrupted.script())
        : failed;
  }

  private static Optional<Verdict> withoutReverse(Progress progress) {
    var missing =
        progress.pending().stream()
            .filter(it -> it.undoDigest() == null)
            .limit(5)
            .map(Migration::script)
            .collect(Collectors.joining(", "));
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Verdict(
                Reason.UNDO_SCRIPT_MISSING, "nothing takes these scripts back: " + missing));
  }

  /** A late version stands in nobody's way back. */
  private static Optional<Verdict> skipped(SchemaState.Flyway schema, Progress progress) {
    if (progress.task() == Task.UNDO) {
      return Optional.empty();
    }
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
