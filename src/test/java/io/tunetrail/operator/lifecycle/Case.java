package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.ApprovalSpec;
import io.tunetrail.operator.api.ApprovalStatus;
import io.tunetrail.operator.api.Edition;
import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.FlywaySpec;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.engine.FlywaySettings;
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
  @Nullable String retry;
  @Nullable String baselineVersion;
  boolean suspended;

  @Nullable Look look;
  boolean inRecovery;
  boolean pooled;
  @Nullable Environment strictest;
  @Nullable String holder;
  @Nullable InterruptedScript interrupted;
  SchemaState schema = flyway("1", applied("1"), pending("2"), pending("3"));
  List<ObservedJob> jobs = new ArrayList<>();
  @Nullable String rival;
  Memory memory = new Memory(null, null, null, true, null);

  static Migration applied(String version) {
    return migration(version, State.APPLIED);
  }

  static Migration pending(String version) {
    return migration(version, State.PENDING);
  }

  static Migration migration(String version, State state) {
    var content =
        state == State.REMOVED || state == State.FUTURE ? null : Digest.of("content of", version);
    return new Migration(version, "step " + version, "V" + version + "__step.sql", content, state);
  }

  static Migration repeatable(String name, State state) {
    return new Migration(null, name, "R__" + name + ".sql", Digest.of("content of", name), state);
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
    approval = new ApprovalSpec(version, digest, "ada", null);
    return this;
  }

  Case remember(@Nullable ApprovalStatus approval) {
    memory =
        new Memory(
            memory.environment(),
            memory.identity(),
            approval,
            memory.reachable(),
            memory.refusedSince());
    return this;
  }

  /** A Job for what this case would start now, ended {@code ago}. */
  Case ended(Outcome outcome, Duration ago) {
    var work = plan().start();
    if (work == null) {
      throw new IllegalStateException("this case starts nothing");
    }
    var state = new Ended(outcome, NOW.minus(ago), "what happened", null);
    jobs.add(new ObservedJob(work.jobName("karaoke"), work.inputs(), work.attempt(), null, state));
    return this;
  }

  Plan plan() {
    return Lifecycle.plan(desired(), observed());
  }

  Desired desired() {
    boolean createAll = edition == Edition.COMMUNITY;
    var limits =
        new Desired.Limits(Duration.ofSeconds(5), Duration.ofMinutes(30), Duration.ofHours(1));
    var spec =
        new FlywaySpec(
            List.of(), null, null, null, null, null, null, null, null, null, null, baselineVersion);
    return new Desired(
        "uid-1",
        edition,
        environment,
        createAll ? Method.CREATE_ALL : Method.FLYWAY,
        target,
        approval,
        createAll ? null : FlywaySettings.of(spec),
        limits,
        retry,
        null,
        suspended);
  }

  Observed observed() {
    var facts =
        new DatabaseFacts(
            "identity",
            170010,
            inRecovery,
            pooled,
            8_000_000,
            4,
            strictest,
            List.of(),
            holder,
            interrupted,
            null,
            schema);
    return new Observed(
        NOW, SCRIPTS, look == null ? new Look.Seen(facts) : look, jobs, rival, memory);
  }
}
