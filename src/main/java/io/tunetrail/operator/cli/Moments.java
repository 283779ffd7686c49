package io.tunetrail.operator.cli;

import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a moment, 2026-11-27T22:00:00Z, or how long it is from now: 90s, 5m or 1h. */
final class Moments implements ITypeConverter<Instant> {
  private final InstantSource clock;

  Moments() {
    this(InstantSource.system());
  }

  Moments(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Instant convert(String text) {
    if (text.matches("\\d{1,9}[smh]")) {
      return clock.instant().plus(new Durations().convert(text)).truncatedTo(ChronoUnit.SECONDS);
    }
    try {
      return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.SECONDS);
    } catch (DateTimeParseException e) {
      throw new TypeConversionException(
          "'%s' is neither a moment like 2026-11-27T22:00:00Z nor a time from now like 5m or 1h"
              .formatted(text));
    }
  }
}
