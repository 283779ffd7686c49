package io.tunetrail.operator.waiting;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What to wait for, and how long.
 *
 * @param schema whose versions count, by the schema of its engine's history; null: any
 * @param table the engine's history, where it has another name than the engine gives; null: none
 */
record WaitOrder(
    Wanted wanted, Duration deadline, @Nullable String schema, @Nullable String table) {
  static final String FOR_VARIABLE = "TUNETRAIL_WAIT_FOR";
  static final String DEADLINE_VARIABLE = "TUNETRAIL_WAIT_DEADLINE";
  static final String SCHEMA_VARIABLE = "TUNETRAIL_WAIT_SCHEMA";
  static final String TABLE_VARIABLE = "TUNETRAIL_WAIT_TABLE";

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s|m|h)");

  /** Throws {@link IllegalArgumentException} that names the variable and what belongs there. */
  static WaitOrder from(Map<String, String> environment) {
    var wanted = wanted(environment.getOrDefault(FOR_VARIABLE, ""));
    return new WaitOrder(
        wanted,
        deadline(environment.getOrDefault(DEADLINE_VARIABLE, "")),
        place(SCHEMA_VARIABLE, environment, wanted),
        place(TABLE_VARIABLE, environment, wanted));
  }

  /** Whether it is said whose version it should be. */
  boolean namesPlace() {
    return schema != null || table != null;
  }

  private static @Nullable String place(
      String variable, Map<String, String> environment, Wanted wanted) {
    var name = environment.getOrDefault(variable, "");
    if (!name.isEmpty() && wanted instanceof Wanted.CreateAll) {
      throw new IllegalArgumentException(
          variable + " does not go with create-all, which has neither a schema nor versions");
    }
    return name.isEmpty() ? null : name;
  }

  private static Wanted wanted(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException(
          "set %s to a version, to current or to create-all".formatted(FOR_VARIABLE));
    }
    try {
      return Wanted.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(FOR_VARIABLE + " is " + e.getMessage(), e);
    }
  }

  private static Duration deadline(String text) {
    var parts = DURATION.matcher(text.isEmpty() ? "10m" : text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "%s is %s, which is not a number and a unit (ms, s, m, h)"
              .formatted(DEADLINE_VARIABLE, text));
    }
    long number = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }
}
