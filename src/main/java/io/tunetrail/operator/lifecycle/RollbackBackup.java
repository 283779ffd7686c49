package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.LastMigration;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The backup that takes a database back to a version, where {@code migration.rollback} is Restore:
 * the one that was made before a work left that version.
 *
 * @param name the backup's
 * @param work name of the Job that left the version; each has a restore of its own
 */
public record RollbackBackup(String name, String work) {

  /**
   * The newest of these that the status knows of.
   *
   * @param target null: before the first version, of which no backup is made
   */
  public static Optional<RollbackBackup> of(
      Desired desired, @Nullable String target, @Nullable TuneTrailDatabaseStatus status) {
    if (target == null || status == null) {
      return Optional.empty();
    }
    var works = works(status);
    return works.stream()
        .filter(it -> it.from() != null && Versions.same(desired.method(), it.from(), target))
        .filter(it -> it.equals(firstOf(works, it.backup())))
        .findFirst()
        .map(it -> new RollbackBackup(Objects.requireNonNull(it.backup()), it.job()));
  }

  /** Those with a backup, newest first. */
  private static List<LastMigration> works(TuneTrailDatabaseStatus status) {
    return Stream.concat(
            Stream.ofNullable(status.lastMigration()),
            Stream.ofNullable(status.history()).flatMap(List::stream))
        .filter(it -> it.backup() != null)
        .toList();
  }

  /**
   * What came half-way is gone on with by the same backup, which shows what the first of these
   * works met.
   */
  private static LastMigration firstOf(List<LastMigration> works, @Nullable String backup) {
    return works.stream().filter(it -> Objects.equals(it.backup(), backup)).toList().getLast();
  }
}
