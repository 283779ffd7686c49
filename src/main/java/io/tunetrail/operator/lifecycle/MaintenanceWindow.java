package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.WindowSpec;
import io.tunetrail.operator.lifecycle.CronSchedule.InvalidSchedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.Optional;

/**
 * A recurring time in which migrations may start.
 *
 * @param schedule when it opens
 * @param length how long it stays open
 */
record MaintenanceWindow(CronSchedule schedule, Duration length) {

  static MaintenanceWindow of(WindowSpec spec) throws InvalidSchedule {
    return new MaintenanceWindow(
        CronSchedule.of(spec.schedule(), spec.timeZone() == null ? "UTC" : spec.timeZone()),
        Duration.parse("PT" + spec.duration().toUpperCase(Locale.ROOT)));
  }

  boolean isOpen(Instant now) {
    return schedule.last(now).filter(it -> it.plus(length).toInstant().isAfter(now)).isPresent();
  }

  /** When it opens next, in its own time zone. */
  Optional<ZonedDateTime> opening(Instant now) {
    return schedule.next(now);
  }
}
