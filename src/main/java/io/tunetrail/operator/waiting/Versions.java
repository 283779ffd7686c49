package io.tunetrail.operator.waiting;

import java.util.List;
import java.util.regex.Pattern;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;

/** How versions of both engines are told apart and put in order. */
final class Versions {
  private static final int SHORTEST_BEGINNING = 4;
  private static final Pattern NUMBERS = Pattern.compile("[0-9]+([._][0-9]+)*");

  private Versions() {}

  /** The one that is the same as this, or else the revisions that begin so. */
  static List<String> matches(String wanted, List<String> versions) {
    var same = versions.stream().filter(it -> same(it, wanted)).limit(1).toList();
    return same.isEmpty() && wanted.length() >= SHORTEST_BEGINNING
        ? versions.stream().filter(it -> !isNumeric(it) && it.startsWith(wanted)).toList()
        : same;
  }

  static boolean contain(List<String> versions, String version) {
    return versions.stream().anyMatch(it -> same(it, version));
  }

  private static boolean same(String one, String other) {
    return one.equals(other)
        || (isNumeric(one) && isNumeric(other) && number(one).equals(number(other)));
  }

  /** Whether both are numbers and this is the lower. */
  static boolean precedes(String lower, String higher) {
    return isNumeric(lower) && isNumeric(higher) && number(lower).compareTo(number(higher)) < 0;
  }

  /** Null where there is none. */
  static @Nullable String highest(List<String> numbers) {
    return numbers.stream()
        .filter(Versions::isNumeric)
        .max((one, other) -> number(one).compareTo(number(other)))
        .orElse(null);
  }

  /** As Flyway's versions are, of which 2024 is not the beginning of 20240131. */
  static boolean isNumeric(String version) {
    return NUMBERS.matcher(version).matches();
  }

  private static MigrationVersion number(String version) {
    return MigrationVersion.fromVersion(version);
  }
}
