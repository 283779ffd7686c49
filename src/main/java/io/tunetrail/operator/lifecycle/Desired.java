package io.tunetrail.operator.lifecycle;

import static java.util.Objects.requireNonNull;

import io.tunetrail.operator.api.ApprovalSpec;
import io.tunetrail.operator.api.Edition;
import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.MigrationSpec;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.engine.FlywaySettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a resource asks for, with defaults filled in.
 *
 * @param target a version, or {@value #LATEST}
 * @param flyway null for create-all
 * @param retry the migration.retry token; null where none was ever set
 * @param role whom objects are to belong to; null: the user that logs in
 */
public record Desired(
    String uid,
    Edition edition,
    Environment environment,
    Method method,
    String target,
    @Nullable ApprovalSpec approval,
    @Nullable FlywaySettings flyway,
    Limits limits,
    @Nullable String retry,
    @Nullable String role,
    boolean suspended) {

  public static final String LATEST = "latest";

  /**
   * Bounds of a migration.
   *
   * @param lockTimeout zero: none
   * @param statementTimeout zero: none
   */
  public record Limits(Duration lockTimeout, Duration statementTimeout, Duration deadline) {

    static Limits of(@Nullable MigrationSpec spec) {
      return new Limits(
          duration(spec == null ? null : spec.lockTimeout(), "5s"),
          duration(spec == null ? null : spec.statementTimeout(), "30m"),
          duration(spec == null ? null : spec.deadline(), "1h"));
    }

    private static Duration duration(@Nullable String text, String otherwise) {
      var value = (text == null ? otherwise : text).toUpperCase(java.util.Locale.ROOT);
      return value.endsWith("MS")
          ? Duration.ofMillis(Long.parseLong(value.substring(0, value.length() - 2)))
          : Duration.parse("PT" + value);
    }
  }

  public static Desired from(TuneTrailDatabase resource) {
    var spec = resource.getSpec();
    var method = spec.edition() == Edition.COMMUNITY ? Method.CREATE_ALL : Method.FLYWAY;
    return new Desired(
        resource.getMetadata().getUid(),
        spec.edition(),
        spec.environment(),
        method,
        spec.targetVersion() == null ? LATEST : spec.targetVersion(),
        spec.approval(),
        method == Method.CREATE_ALL
            ? null
            : FlywaySettings.of(requireNonNull(spec.schema().flyway())),
        Limits.of(spec.migration()),
        spec.migration() == null ? null : spec.migration().retry(),
        spec.connection().role(),
        Boolean.TRUE.equals(spec.suspend()));
  }

  /** Whether nothing may run before a person approved it. */
  public boolean gated() {
    return method != Method.CREATE_ALL && environment == Environment.PRODUCTION;
  }

  /**
   * Digest of all that decides what a run does, besides the scripts and the version it starts at.
   */
  String settingsDigest() {
    return flyway == null ? "" : flyway.digest();
  }
}
