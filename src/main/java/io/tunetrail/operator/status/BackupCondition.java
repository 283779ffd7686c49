package io.tunetrail.operator.status;

import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.backup.BackupWord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Backups in the status, beside all else and whatever becomes of migrations. */
public final class BackupCondition {
  private BackupCondition() {}

  /**
   * The next status, with how the backups stand.
   *
   * @param previous null before the first
   * @param word empty where no backups are asked for
   */
  public static TuneTrailDatabaseStatus in(
      TuneTrailDatabaseStatus next,
      @Nullable TuneTrailDatabaseStatus previous,
      long generation,
      Optional<BackupWord> word,
      Instant now) {
    var others = others(next);
    if (word.isEmpty() && next.backup() == null && others.equals(next.conditions())) {
      return next;
    }
    var before = previous == null ? null : previous.conditions();
    var conditions = new ArrayList<>(others);
    word.ifPresent(
        it -> conditions.addAll(said(new Conditions(before, generation, now), it).list()));
    return next.withBackup(word.map(BackupWord::status).orElse(null), conditions);
  }

  private static List<Condition> others(TuneTrailDatabaseStatus status) {
    return status.conditions() == null
        ? List.of()
        : status.conditions().stream()
            .filter(it -> !it.type().equals(Conditions.BACKUP_HEALTHY))
            .toList();
  }

  private static Conditions said(Conditions conditions, BackupWord word) {
    var verdict = word.verdict();
    return word.healthy() == null
        ? conditions.unknown(Conditions.BACKUP_HEALTHY, verdict.reason(), verdict.message())
        : conditions.set(
            Conditions.BACKUP_HEALTHY,
            word.healthy(),
            verdict.reason().toString(),
            verdict.message());
  }

  /** What is to be told of a change of it; a success is told of with the backup itself. */
  public static Optional<Announcement> announcement(
      @Nullable TuneTrailDatabaseStatus previous, TuneTrailDatabaseStatus next) {
    var before =
        Conditions.find(previous == null ? null : previous.conditions(), Conditions.BACKUP_HEALTHY);
    return Conditions.find(next.conditions(), Conditions.BACKUP_HEALTHY)
        .filter(now -> now.status().equals("False"))
        .filter(now -> before.filter(it -> it.message().equals(now.message())).isEmpty())
        .map(now -> new Announcement(true, now.reason(), now.message()));
  }

  /**
   * Whether it says that a backup is missing, so that who counts it later need not say so again.
   */
  public static boolean tellsOfMissed(@Nullable TuneTrailDatabaseStatus status) {
    return status != null
        && Conditions.find(status.conditions(), Conditions.BACKUP_HEALTHY)
            .filter(it -> it.reason().equals(Reason.BACKUP_MISSED.toString()))
            .isPresent();
  }
}
