package io.tunetrail.operator.lifecycle;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;

/** Recurring times as cron has them, each in the time zone of the schedule. */
public record CronSchedule(ExecutionTime times, ZoneId zone) {

  /** A text that is none, and why. */
  public static final class InvalidSchedule extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidSchedule(String message) {
      super(message);
    }
  }

  /** In a leap year, so that a schedule that never comes is known from one that seldom does. */
  private static final ZonedDateTime ANY_LEAP_YEAR = ZonedDateTime.parse("2024-01-01T00:00:00Z");

  /** Of five fields and the name of a time zone. */
  public static CronSchedule of(String cron, String zone) throws InvalidSchedule {
    var times = times(cron);
    if (times.nextExecution(ANY_LEAP_YEAR).isEmpty()) {
      throw new InvalidSchedule("the schedule '%s' never comes".formatted(cron));
    }
    return new CronSchedule(times, zone(zone));
  }

  private static ExecutionTime times(String cron) throws InvalidSchedule {
    var parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    try {
      return ExecutionTime.forCron(parser.parse(cron).validate());
    } catch (IllegalArgumentException e) {
      throw new InvalidSchedule("'%s' is no schedule: %s".formatted(cron, e.getMessage()));
    }
  }

  private static ZoneId zone(String name) throws InvalidSchedule {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException _) {
      throw new InvalidSchedule("there is no time zone '%s'".formatted(name));
    }
  }

  /** The last time that is not after this moment. */
  Optional<ZonedDateTime> last(Instant now) {
    // The library looks before the moment it is given, exclusively.
    return times.lastExecution(now.atZone(zone).plusSeconds(1));
  }

  /** The first time after this moment; one that the clocks skip comes when they go on. */
  Optional<ZonedDateTime> next(Instant now) {
    return times.nextExecution(now.atZone(zone));
  }

  /** The same, but for times that the clocks skip, which are none. */
  public Optional<ZonedDateTime> nextShown(Instant now) {
    return next(now).flatMap(it -> times.isMatch(it) ? Optional.of(it) : nextShown(it.toInstant()));
  }

  /** From one time to the next, as at the beginning of a leap year. */
  public Duration period() {
    return times
        .nextExecution(ANY_LEAP_YEAR)
        .flatMap(first -> times.nextExecution(first).map(it -> Duration.between(first, it)))
        .orElse(Duration.ofDays(1));
  }
}
