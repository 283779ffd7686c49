package io.tunetrail.operator.lifecycle;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.tunetrail.operator.api.ApprovalPolicy;
import io.tunetrail.operator.api.ApprovalSpec;
import io.tunetrail.operator.api.BackupFirst;
import io.tunetrail.operator.api.Edition;
import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.MigrationSpec;
import io.tunetrail.operator.api.OnDrift;
import io.tunetrail.operator.api.PlanRequestStatus;
import io.tunetrail.operator.api.Planning;
import io.tunetrail.operator.api.ProgramSpec;
import io.tunetrail.operator.api.Rollback;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailDatabaseSpec;
import io.tunetrail.operator.api.WindowSpec;
import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.ImageSource;
import io.tunetrail.operator.engine.ProgramSettings;
import io.tunetrail.operator.engine.ScriptImage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a resource asks for, with defaults filled in.
 *
 * @param target a version, or {@value #LATEST}
 * @param flyway null for other methods
 * @param scriptImage where Flyway's scripts lie in an image; null where they lie in ConfigMaps, and
 *     for other methods
 * @param alembic null for other methods
 * @param createAll the application's own program for create-all; null where SQL does it
 * @param seed null where no fixtures are asked for
 * @param retry the migration.retry token; null where none was ever set
 * @param baseline what a database with tables and no history is taken for; null: it is refused
 * @param windows when migrations may start; none: at any time
 * @param role whom objects are to belong to; null: the user that logs in
 * @param approvalPolicy what an approval must name, where one is needed
 * @param planning when the SQL of what would run is shown before
 * @param drift what is done about changes that no work made
 * @param backupFirst what must be there before a migration starts
 * @param planRequest who asks for a plan now, told from who asked before; null: nobody ever did
 */
public record Desired(
    String uid,
    Edition edition,
    Environment environment,
    Method method,
    String target,
    @Nullable ApprovalSpec approval,
    @Nullable FlywaySettings flyway,
    @Nullable ScriptImage scriptImage,
    @Nullable AlembicSettings alembic,
    @Nullable ProgramSettings createAll,
    @Nullable Seed seed,
    Limits limits,
    @Nullable String retry,
    Rollback rollback,
    @Nullable Baseline baseline,
    List<WindowSpec> windows,
    @Nullable String role,
    boolean suspended,
    ApprovalPolicy approvalPolicy,
    Planning planning,
    Drift drift,
    BackupFirst backupFirst,
    @Nullable String planRequest) {

  public static final String LATEST = "latest";

  private static final MigrationSpec UNSAID =
      new MigrationSpec(
          null, null, null, null, null, null, null, null, null, null, null, null, null);

  /**
   * The version that tables are taken for.
   *
   * @param anew also where a history tells of less, or otherwise
   */
  public record Baseline(String version, boolean anew) {

    private static @Nullable Baseline of(MigrationSpec spec) {
      var version = spec.baselineVersion();
      var adoption = spec.adopt();
      if (version == null || adoption == null) {
        return null;
      }
      return switch (adoption) {
        case REFUSE -> null;
        case BASELINE -> new Baseline(version, false);
        case REBASELINE -> new Baseline(version, true);
      };
    }
  }

  /**
   * Changes that no work made.
   *
   * @param ignored patterns of objects whose differences are nobody's concern
   * @param accepted digest of a schema that is as it should be; null: none
   * @param blocks whether pending work waits until a person has decided
   */
  public record Drift(List<String> ignored, @Nullable String accepted, boolean blocks) {

    private static Drift of(TuneTrailDatabaseSpec spec, MigrationSpec migration) {
      var drift = spec.drift();
      var unsaid = spec.environment() == Environment.PRODUCTION ? OnDrift.BLOCK : OnDrift.REPORT;
      return new Drift(
          drift == null || drift.ignore() == null ? List.of() : List.copyOf(drift.ignore()),
          drift == null ? null : drift.accept(),
          requireNonNullElse(migration.onDrift(), unsaid) == OnDrift.BLOCK);
    }
  }

  /**
   * Fixtures.
   *
   * @param program the application's own; null where SQL does it
   */
  public record Seed(@Nullable ProgramSettings program) {}

  /**
   * Bounds of a migration.
   *
   * @param lockTimeout zero: none
   * @param statementTimeout zero: none
   */
  public record Limits(Duration lockTimeout, Duration statementTimeout, Duration deadline) {

    static Limits of(MigrationSpec spec) {
      return new Limits(
          duration(spec.lockTimeout(), "5s"),
          duration(spec.statementTimeout(), "30m"),
          duration(spec.deadline(), "1h"));
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
    var method = method(spec);
    var migration = spec.migration() == null ? UNSAID : spec.migration();
    var baseline = Baseline.of(migration);
    return new Desired(
        resource.getMetadata().getUid(),
        spec.edition(),
        spec.environment(),
        method,
        spec.targetVersion() == null ? LATEST : spec.targetVersion(),
        spec.approval(),
        method == Method.FLYWAY
            ? FlywaySettings.of(requireNonNull(spec.schema().flyway()), version(baseline))
            : null,
        method == Method.FLYWAY ? ScriptImage.of(requireNonNull(spec.schema().flyway())) : null,
        method == Method.ALEMBIC
            ? AlembicSettings.of(requireNonNull(spec.schema().alembic()))
            : null,
        method == Method.CREATE_ALL
            ? program(requireNonNull(spec.schema().createAll()).program())
            : null,
        spec.seed() == null ? null : new Seed(program(spec.seed().program())),
        Limits.of(migration),
        migration.retry(),
        requireNonNullElse(migration.rollback(), Rollback.FORBID),
        baseline,
        requireNonNullElse(migration.windows(), List.of()),
        spec.connection().role(),
        Boolean.TRUE.equals(spec.suspend()),
        requireNonNullElse(migration.approval(), ApprovalPolicy.PLAN),
        requireNonNullElse(migration.plan(), Planning.GATED),
        Drift.of(spec, migration),
        backupFirst(spec, migration),
        PlanRequestStatus.asked(resource.getMetadata().getAnnotations()));
  }

  /** Where nobody asks for backups none can be waited for. */
  private static BackupFirst backupFirst(TuneTrailDatabaseSpec spec, MigrationSpec migration) {
    boolean needed =
        spec.environment() == Environment.PRODUCTION || migration.rollback() == Rollback.RESTORE;
    var unsaid = needed ? BackupFirst.COMPLETE : BackupFirst.NEVER;
    return spec.backup() == null
        ? BackupFirst.NEVER
        : requireNonNullElse(migration.backupFirst(), unsaid);
  }

  private static @Nullable String version(@Nullable Baseline baseline) {
    return baseline == null ? null : baseline.version();
  }

  private static Method method(TuneTrailDatabaseSpec spec) {
    if (spec.edition() == Edition.COMMUNITY) {
      return Method.CREATE_ALL;
    }
    return spec.schema().alembic() == null ? Method.FLYWAY : Method.ALEMBIC;
  }

  private static @Nullable ProgramSettings program(@Nullable ProgramSpec spec) {
    return spec == null ? null : ProgramSettings.of(spec);
  }

  /** Whether nothing may run before a person approved it. */
  public boolean gated() {
    return method != Method.CREATE_ALL && environment == Environment.PRODUCTION;
  }

  /** Whether an approval must name a plan. */
  public boolean approvesPlans() {
    return gated() && approvalPolicy == ApprovalPolicy.PLAN;
  }

  /** Whether the SQL of what would run is shown before it does. */
  public boolean plans() {
    return method != Method.CREATE_ALL && (planning == Planning.ALWAYS || approvesPlans());
  }

  /** Whether somebody asks for a plan who has no answer yet. */
  public boolean asksForPlan(@Nullable PlanRequestStatus answered) {
    return planRequest != null && (answered == null || !planRequest.equals(answered.request()));
  }

  /**
   * Digest of all that decides what a run does, besides the scripts and the version it starts at.
   */
  String settingsDigest() {
    return switch (method) {
      case CREATE_ALL -> "";
      case FLYWAY -> requireNonNull(flyway).digest();
      case ALEMBIC -> requireNonNull(alembic).digest();
    };
  }

  /** The image that tells what it holds before anything is decided; null where none does. */
  public @Nullable ImageSource imageSource() {
    return switch (method) {
      case CREATE_ALL -> null;
      case FLYWAY -> scriptImage == null ? null : scriptImage.source(requireNonNull(flyway));
      case ALEMBIC -> requireNonNull(alembic).source();
    };
  }

  /** The image that works beside ours, or gives its scripts; null where ours works alone. */
  @Nullable String programImage() {
    return switch (method) {
      case CREATE_ALL -> createAll == null ? null : createAll.image();
      case FLYWAY -> scriptImage == null ? null : scriptImage.image();
      case ALEMBIC -> requireNonNull(alembic).program().image();
    };
  }
}
