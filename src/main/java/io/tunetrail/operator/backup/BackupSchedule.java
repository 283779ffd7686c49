package io.tunetrail.operator.backup;

import io.tunetrail.operator.lifecycle.CronSchedule;
import io.tunetrail.operator.lifecycle.CronSchedule.InvalidSchedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * When backups are due.
 *
 * @param cron as the CronJob has it
 * @param zone name of its time zone
 */
public record BackupSchedule(String cron, String zone, CronSchedule times) {
  /** The minutes that minute 0 stands for: nobody who writes it means this very minute. */
  private static final int SPREAD = 30;

  private static final Duration SHORTEST_DEADLINE = Duration.ofMinutes(10);
  private static final Duration LONGEST_DEADLINE = Duration.ofHours(12);

  /** More are not counted one by one. */
  private static final int MOST_COUNTED = 1_000;

  /**
   * As the spec has it.
   *
   * @param uid the resource's, by which minute 0 is spread
   */
  public static BackupSchedule of(String schedule, String zone, String uid) throws InvalidSchedule {
    var cron =
        schedule.startsWith("0 ")
            ? Math.floorMod(uid.hashCode(), SPREAD) + schedule.substring(1)
            : schedule;
    return new BackupSchedule(cron, zone, CronSchedule.of(cron, zone));
  }

  /** How late one may begin: not after the next one is due, so that it is caught up with once. */
  public Duration deadline() {
    var period = times.period();
    if (period.compareTo(SHORTEST_DEADLINE) < 0) {
      return SHORTEST_DEADLINE;
    }
    return period.compareTo(LONGEST_DEADLINE) < 0 ? period : LONGEST_DEADLINE;
  }

  Optional<Instant> next(Instant now) {
    return times.nextShown(now).map(ZonedDateTime::toInstant);
  }

  /** The times after one moment and not after another, oldest first. */
  List<ZonedDateTime> between(Instant after, Instant until) {
    var found = new ArrayList<ZonedDateTime>();
    var next = times.nextShown(after);
    while (next.isPresent()
        && !next.get().toInstant().isAfter(until)
        && found.size() < MOST_COUNTED) {
      found.add(next.get());
      next = times.nextShown(next.get().toInstant());
    }
    return found;
  }

  /** As it stands in the status. */
  String text() {
    return cron + " " + zone;
  }
}
