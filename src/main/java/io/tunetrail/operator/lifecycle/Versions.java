package io.tunetrail.operator.lifecycle;

import java.util.Objects;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;

/** Order of migration versions, as Flyway has it: numbers separated by dots or underscores. */
final class Versions {
  private Versions() {}

  /** Null, before the first migration, comes before every version. */
  static int compare(@Nullable String one, @Nullable String other) {
    if (one == null || other == null) {
      return Boolean.compare(one != null, other != null);
    }
    return MigrationVersion.fromVersion(one).compareTo(MigrationVersion.fromVersion(other));
  }

  /** Whether two texts name one version of the method: 2 and 2.0 do for Flyway. */
  static boolean same(Method method, @Nullable String one, @Nullable String other) {
    return method == Method.FLYWAY ? compare(one, other) == 0 : Objects.equals(one, other);
  }
}
