package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.lifecycle.SchemaState.State;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a schema stands on its way to the target.
 *
 * @param current the version the database has; null before the first and for create-all
 * @param target what the spec resolves to; null for create-all and where there is no version at all
 * @param pending what would run, in order
 * @param pendingDigest of exactly that; null when nothing is pending
 */
public record Progress(
    @Nullable String current,
    @Nullable String target,
    List<Migration> pending,
    @Nullable String pendingDigest) {

  static final Progress NONE = new Progress(null, null, List.of(), null);

  static Progress of(Desired desired, SchemaState.Flyway schema) {
    var target = resolve(desired.target(), schema);
    var pending =
        schema.migrations().stream()
            .filter(Progress::waits)
            .filter(it -> it.version() == null || Versions.compare(it.version(), target) <= 0)
            .toList();
    var digest =
        pending.isEmpty()
            ? null
            : PendingDigest.of(schema.current(), target, desired.settingsDigest(), pending);
    return new Progress(schema.current(), target, pending, digest);
  }

  private static boolean waits(Migration migration) {
    return migration.state() == State.PENDING || migration.state() == State.FAILED;
  }

  private static @Nullable String resolve(String target, SchemaState.Flyway schema) {
    if (!target.equals(Desired.LATEST)) {
      return target;
    }
    return newestScript(schema).orElse(schema.current());
  }

  private static Optional<String> newestScript(SchemaState.Flyway schema) {
    return schema.migrations().stream()
        .filter(it -> it.contentDigest() != null)
        .<String>mapMulti(
            (it, versions) -> {
              if (it.version() != null) {
                versions.accept(it.version());
              }
            })
        .max(Comparator.comparing(org.flywaydb.core.api.MigrationVersion::fromVersion));
  }
}
