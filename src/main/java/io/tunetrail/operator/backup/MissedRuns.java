package io.tunetrail.operator.backup;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The times of a schedule at which no backup was begun: because an earlier one still ran, or
 * because Kubernetes was away.
 *
 * @param times oldest first, at most those that can be told
 * @param countedUntil up to when they are known
 */
record MissedRuns(List<ZonedDateTime> times, Instant countedUntil) {

  /** Those after a moment that are past hope: a later one was begun, or it is too late to begin. */
  static MissedRuns after(
      Instant counted, BackupSchedule schedule, List<ObservedBackup> backups, Instant now) {
    var until = latest(now.minus(schedule.deadline()), newestSlot(backups).orElse(Instant.MIN));
    if (!until.isAfter(counted)) {
      return new MissedRuns(List.of(), counted);
    }
    var begun = begun(schedule, backups);
    var known = latest(counted, forgotten(backups));
    var missed =
        schedule.between(known, until).stream()
            .filter(it -> !begun.contains(it.toLocalDateTime()))
            .toList();
    return new MissedRuns(missed, until);
  }

  /** By the clock of the schedule's own zone, which shows a time twice when it is put back. */
  private static List<LocalDateTime> begun(BackupSchedule schedule, List<ObservedBackup> backups) {
    return slots(backups)
        .map(it -> it.atZone(schedule.times().zone()).toLocalDateTime())
        .collect(Collectors.toList());
  }

  private static Optional<Instant> newestSlot(List<ObservedBackup> backups) {
    return slots(backups).max(Comparator.naturalOrder());
  }

  private static Stream<Instant> slots(List<ObservedBackup> backups) {
    return backups.stream().map(ObservedBackup::slot).filter(Objects::nonNull);
  }

  /** Of what was before the oldest Job that is kept, nothing is known. */
  private static Instant forgotten(List<ObservedBackup> backups) {
    return Stream.of(true, false)
        .map(succeeded -> kept(backups, succeeded))
        .filter(it -> it.size() >= BackupCronJob.HISTORY)
        .map(List::getFirst)
        .max(Comparator.naturalOrder())
        .orElse(Instant.MIN);
  }

  private static List<Instant> kept(List<ObservedBackup> backups, boolean succeeded) {
    return backups.stream()
        .filter(it -> !it.running() && it.succeeded() == succeeded)
        .map(ObservedBackup::created)
        .sorted()
        .toList();
  }

  private static Instant latest(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
