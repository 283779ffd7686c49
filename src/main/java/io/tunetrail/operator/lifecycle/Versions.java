package io.tunetrail.operator.lifecycle;

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

  static boolean same(@Nullable String one, @Nullable String other) {
    return compare(one, other) == 0;
  }
}
