package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.AlembicSpec;
import io.tunetrail.operator.api.ApprovalPolicy;
import io.tunetrail.operator.api.ApprovalSpec;
import io.tunetrail.operator.api.ApprovalStatus;
import io.tunetrail.operator.api.BackupFirst;
import io.tunetrail.operator.api.Edition;
import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.FlywaySpec;
import io.tunetrail.operator.api.LastMigration;
import io.tunetrail.operator.api.PlanRequestStatus;
import io.tunetrail.operator.api.PlanStatus;
import io.tunetrail.operator.api.Planning;
import io.tunetrail.operator.api.Rollback;
import io.tunetrail.operator.api.WindowSpec;
import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.ProgramSettings;
import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.engine.ScriptImage;
import io.tunetrail.operator.lifecycle.DatabaseFacts.Adopted;
import io.tunetrail.operator.lifecycle.DatabaseFacts.ForeignHistory;
import io.tunetrail.operator.lifecycle.DatabaseFacts.InterruptedScript;
import io.tunetrail.operator.lifecycle.Observed.Memory;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.lifecycle.SchemaState.State;
import io.tunetrail.operator.migration.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of the decision table: starts as a commercial database in staging, one of three scripts
 * applied.
 */
final class Case {
  static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
  static final String SCRIPTS = Digest.of("the scripts");

  Edition edition = Edition.COMMERCIAL;
  Environment environment = Environment.STAGING;
  String target = Desired.LATEST;
  @Nullable ApprovalSpec approval;
  @Nullable ScriptImage scriptImage;
  @Nullable AlembicSettings alembic;
  @Nullable ProgramSettings createAll;
  Desired.@Nullable Seed seed;
  @Nullable String retry;
  Rollback rollback = Rollback.FORBID;
  @Nullable String baselineVersion;
  boolean anew;
  boolean suspended;
  ApprovalPolicy approvalPolicy = ApprovalPolicy.VERSION;
  Planning planning = Planning.GATED;
  @Nullable String acceptedDrift;
  List<LastMigration> history = List.of();
  @Nullable Boolean blocksOnDrift;
  BackupFirst backupFirst = BackupFirst.NEVER;

  @Nullable Look look;
  DatabaseFacts.Activity activity = DatabaseFacts.Activity.UNKNOWN;
  String identity = "identity";
  boolean inRecovery;
  boolean pooled;
  int tables = 4;
  @Nullable Environment strictest;
  @Nullable String holder;
  List<String> invalidIndexes = List.of();
  @Nullable InterruptedScript interrupted;
  @Nullable String createAllDigest;
  @Nullable String seedApplied;
  List<ForeignHistory> foreignHistories = List.of();
  boolean migratedBefore;
  @Nullable Adopted lastAdoption;
  int serverVersion = 170010;
  SchemaDrift drift = SchemaDrift.not(SchemaDrift.State.UNRECORDED);
  @Nullable String seedWanted;
  String scripts = SCRIPTS;
  Inspection inspection = new Inspection.NotNeeded();
  SchemaState schema = flyway("1", applied("1"), pending("2"), pending("3"));
  List<ObservedJob> jobs = new ArrayList<>();
  @Nullable LastMigration lastWork;
  @Nullable String rival;
  List<WindowSpec> windows = List.of();
  @Nullable PlanStatus plan;
  @Nullable String planRequest;
  @Nullable PlanRequestStatus answered;
  Memory memory = new Memory(null, null, null, true, null, DriftMemory.NONE);

  static Migration applied(String version) {
    return migration(version, State.APPLIED);
  }

  static Migration pending(String version) {
    return migration(version, State.PENDING);
  }

  static Migration migration(String version, State state) {
    var content =
        state == State.REMOVED || state == State.FUTURE ? null : Digest.of("content of", version);
    return new Migration(
        version, "step " + version, "V" + version + "__step.sql", content, null, state);
  }

  /** Applied, with a script that takes it back. */
  static Migration reversible(String version) {
    return reversible(version, State.APPLIED);
  }

  static Migration reversible(String version, State state) {
    var forward = migration(version, state);
    return new Migration(
        version,
        forward.description(),
        forward.script(),
        forward.contentDigest(),
        Digest.of("back from", version),
        state);
  }

  static Migration repeatable(String name, State state) {
    return new Migration(
        null, name, "R__" + name + ".sql", Digest.of("content of", name), null, state);
  }

  static SchemaState.Flyway flyway(@Nullable String current, Migration... migrations) {
    return new SchemaState.Flyway(current != null, current != null, current, List.of(migrations));
  }

  Case production() {
    environment = Environment.PRODUCTION;
    return this;
  }

  Case approve(String version) {
    return approve(version, null);
  }

  Case approve(String version, @Nullable String digest) {
    approval = new ApprovalSpec(version, digest, null, "ada", null);
    return this;
  }

  Case approveUndo(String version) {
    approval = new ApprovalSpec(version, null, true, "ada", null);
    return this;
  }

  /** By Alembic, at these revisions of a graph. */
  Case alembic(RevisionGraph graph, String... revisions) {
    alembic = alembic(null, null, null);
    inspection = new Inspection.Known(graph, "sha256:inspected");
    schema =
        new SchemaState.Alembic(revisions.length > 0, revisions.length > 0, List.of(revisions));
    return this;
  }

  /** Alembic's branch that {@code latest} means. */
  Case branch(String label) {
    alembic = alembic(label, null, null);
    return this;
  }

  /** Where Alembic keeps the revision. */
  Case versionTable(String table, @Nullable String schema) {
    alembic = alembic(null, table, schema);
    return this;
  }

  private static AlembicSettings alembic(
      @Nullable String branch, @Nullable String table, @Nullable String schema) {
    return AlembicSettings.of(
        new AlembicSpec("app:1", null, null, null, null, branch, table, schema, null));
  }

  Case remember(@Nullable ApprovalStatus approval) {
    memory =
        new Memory(
            memory.environment(),
            memory.identity(),
            approval,
            memory.reachable(),
            memory.refusedSince(),
            memory.drift());
    return this;
  }

  /** A Job for what this case would start now, ended {@code ago}. */
  Case ended(Outcome outcome, Duration ago) {
    return ended(outcome, ago, "what happened");
  }

  Case ended(Outcome outcome, Duration ago, String detail) {
    var work = plan().start();
    if (work == null) {
      throw new IllegalStateException("this case starts nothing");
    }
    var state = new Ended(outcome, NOW.minus(ago), detail, null);
    jobs.add(
        new ObservedJob(
            work.jobName("karaoke"), work.task(), work.inputs(), work.attempt(), null, state));
    return this;
  }

  Plan plan() {
    return Lifecycle.plan(desired(), observed());
  }

  Desired desired() {
    var limits =
        new Desired.Limits(Duration.ofSeconds(5), Duration.ofMinutes(30), Duration.ofHours(1));
    var spec =
        new FlywaySpec(
            List.of(), null, null, null, null, null, null, null, null, null, null, null, null,
            null);
    return new Desired(
        "uid-1",
        edition,
        environment,
        method(),
        target,
        approval,
        method() == Method.FLYWAY ? FlywaySettings.of(spec, baselineVersion) : null,
        scriptImage,
        alembic,
        createAll,
        seed,
        limits,
        retry,
        rollback,
        baselineVersion == null ? null : new Desired.Baseline(baselineVersion, anew),
        windows,
        null,
        suspended,
        approvalPolicy,
        planning,
        new Desired.Drift(
            List.of(),
            acceptedDrift,
            blocksOnDrift == null ? environment == Environment.PRODUCTION : blocksOnDrift),
        backupFirst,
        planRequest);
  }

  private Method method() {
    if (edition == Edition.COMMUNITY) {
      return Method.CREATE_ALL;
    }
    return alembic == null ? Method.FLYWAY : Method.ALEMBIC;
  }

  Observed observed() {
    var facts =
        new DatabaseFacts(
            identity,
            "server",
            serverVersion,
            inRecovery,
            pooled,
            8_000_000,
            tables,
            strictest,
            invalidIndexes,
            holder,
            interrupted,
            lastWork,
            createAllDigest,
            seedApplied,
            foreignHistories,
            migratedBefore,
            lastAdoption,
            schema,
            drift,
            history,
            activity,
            WriteAccess.WRITABLE);
    return new Observed(
        NOW,
        scripts,
        look == null ? new Look.Seen(facts) : look,
        inspection,
        seedWanted,
        jobs,
        rival,
        false,
        new Memory(
            memory.environment(),
            memory.identity(),
            memory.approval(),
            memory.reachable(),
            memory.refusedSince(),
            memory.drift(),
            answered),
        plan);
  }
}
