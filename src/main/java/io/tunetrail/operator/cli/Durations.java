package io.tunetrail.operator.cli;

import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a length of time as kubectl does, 90s, 5m or 1h; a number alone is seconds. */
final class Durations implements ITypeConverter<Duration> {

  @Override
  public Duration convert(String text) {
    if (!text.matches("\\d{1,9}[smh]?")) {
      throw new TypeConversionException(
          "'%s' is no length of time like 90s, 5m or 1h".formatted(text));
    }
    return text.matches("\\d+")
        ? Duration.ofSeconds(Long.parseLong(text))
        : Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
  }
}
