package io.tunetrail.operator.backup;

import io.tunetrail.operator.backup.RestoreReport.Phase;
import io.tunetrail.operator.database.DatabaseContent.TableRows;
import io.tunetrail.operator.migration.WorkLog;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far a restore came, as its report tells it. */
final class RestoreProgress {
  private final InstantSource clock;
  private final WorkLog log;
  private final String database;
  private final List<Phase> phases = new ArrayList<>();
  private @Nullable String phase;
  private Instant began = Instant.EPOCH;
  private @Nullable String backup;
  private @Nullable String safetyBackup;
  private @Nullable String previousDatabase;
  private @Nullable String left;
  private List<TableRows> tables = List.of();

  /**
   * Nothing yet.
   *
   * @param database that is to have the backup's content
   */
  RestoreProgress(InstantSource clock, WorkLog log, String database) {
    this.clock = clock;
    this.log = log;
    this.database = database;
  }

  /** The phase before it ends. */
  void begin(String name, String words) {
    end();
    phase = name;
    began = now();
    log.line(words);
  }

  void chose(String name) {
    backup = name;
  }

  /** The backup of what is to be replaced; null: it is not needed any more. */
  void putAside(@Nullable String name) {
    safetyBackup = name;
  }

  void replaced(String previous) {
    previousDatabase = previous;
  }

  boolean hasReplaced() {
    return previousDatabase != null;
  }

  void restored(List<TableRows> counted) {
    tables = counted;
  }

  /** What could not be undone, and what a person does about it. */
  void leave(String words) {
    left = words;
  }

  /** Empty where nothing was left. */
  Optional<String> left() {
    return Optional.ofNullable(left);
  }

  @Nullable String safetyBackup() {
    return safetyBackup;
  }

  /** As of now; empty before a backup was chosen. */
  Optional<RestoreReport> report() {
    end();
    return Optional.ofNullable(backup)
        .map(
            it ->
                new RestoreReport(
                    it,
                    database,
                    safetyBackup,
                    previousDatabase,
                    tables.size(),
                    tables.stream().mapToLong(TableRows::rows).sum(),
                    List.copyOf(phases)));
  }

  private void end() {
    if (phase != null) {
      phases.add(new Phase(phase, began.toString(), now().toString()));
      phase = null;
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
