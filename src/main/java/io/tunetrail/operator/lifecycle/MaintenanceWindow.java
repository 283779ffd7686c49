package io.tunetrail.operator.lifecycle;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.tunetrail.operator.api.WindowSpec;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.Optional;

/**
 * A recurring time in which migrations may start.
 *
 * @param schedule when it opens
 * @param length how long it stays open
 */
record MaintenanceWindow(ExecutionTime schedule, Duration length, ZoneId zone) {

  /** One that is none, and why. */
  static final class InvalidWindow extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidWindow(String message) {
      super(message);
    }
  }

  /** In a leap year, so that a schedule that never comes is known from one that seldom does. */
  private static final ZonedDateTime ANY_LEAP_YEAR = ZonedDateTime.parse("2024-01-01T00:00:00Z");

  static MaintenanceWindow of(WindowSpec spec) throws InvalidWindow {
    var schedule = schedule(spec.schedule());
    if (schedule.nextExecution(ANY_LEAP_YEAR).isEmpty()) {
      throw new InvalidWindow("the schedule '%s' never comes".formatted(spec.schedule()));
    }
    return new MaintenanceWindow(
        schedule,
        Duration.parse("PT" + spec.duration().toUpperCase(Locale.ROOT)),
        zone(spec.timeZone() == null ? "UTC" : spec.timeZone()));
  }

  private static ExecutionTime schedule(String text) throws InvalidWindow {
    var parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    try {
      return ExecutionTime.forCron(parser.parse(text).validate());
    } catch (IllegalArgumentException e) {
      throw new InvalidWindow("'%s' is no schedule: %s".formatted(text, e.getMessage()));
    }
  }

  private static ZoneId zone(String name) throws InvalidWindow {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException _) {
      throw new InvalidWindow("there is no time zone '%s'".formatted(name));
    }
  }

  boolean isOpen(Instant now) {
    var justAfter = now.atZone(zone).plusSeconds(1); // the library looks before this, exclusively
    return schedule
        .lastExecution(justAfter)
        .filter(it -> it.plus(length).toInstant().isAfter(now))
        .isPresent();
  }

  /** When it opens next, in its own time zone. */
  Optional<ZonedDateTime> opening(Instant now) {
    return schedule.nextExecution(now.atZone(zone));
  }
}
