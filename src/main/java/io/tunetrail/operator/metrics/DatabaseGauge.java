package io.tunetrail.operator.metrics;

import io.micrometer.core.instrument.Tags;
import io.tunetrail.operator.api.BackupClaimSpec;
import io.tunetrail.operator.api.BackupSpec;
import io.tunetrail.operator.api.BackupStatus;
import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.lifecycle.DatabaseFacts;
import io.tunetrail.operator.status.Conditions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Something that is told of each resource; times are seconds since 1970.
 *
 * @param metric Micrometer's name, of which Prometheus' is made
 * @param samples none where nothing is known
 */
record DatabaseGauge(String metric, String help, Function<Subject, Stream<Sample>> samples) {
  static final List<DatabaseGauge> ALL =
      List.of(
          new DatabaseGauge(
              "tunetrail.database.info",
              "What a resource is, always 1: edition, environment, method, version and target"
                  + " version.",
              it -> it.status().map(status -> Sample.of(info(status), 1))),
          new DatabaseGauge(
              "tunetrail.database.condition",
              "A condition of the status: 1 True, 0 False; without a value while it is Unknown.",
              it -> it.conditions().flatMap(Sample::condition)),
          new DatabaseGauge(
              "tunetrail.database.up",
              "Whether the database answered the last look.",
              it -> it.truth(Conditions.DATABASE_REACHABLE)),
          new DatabaseGauge(
              "tunetrail.database.tables",
              "Tables outside system schemas, without the operator's and the engine's own.",
              it -> it.number(TuneTrailDatabaseStatus::tableCount)),
          new DatabaseGauge(
              "tunetrail.database.size.bytes",
              "Size of the database at the last look.",
              it -> it.fact(DatabaseFacts::sizeBytes)),
          new DatabaseGauge(
              "tunetrail.database.in.recovery",
              "Whether the server is a replica, or recovers.",
              it -> it.fact(facts -> facts.inRecovery() ? 1 : 0)),
          new DatabaseGauge(
              "tunetrail.database.connections",
              "Sessions in the database, by pg_stat_activity's state.",
              it -> it.facts().flatMap(DatabaseGauge::connections)),
          new DatabaseGauge(
              "tunetrail.database.slow.statements",
              "Statements whose mean is above 100 ms; only where pg_stat_statements may be read.",
              it -> it.slow(DatabaseFacts.SlowStatements::count)),
          new DatabaseGauge(
              "tunetrail.database.slowest.statement.mean.seconds",
              "The worst mean of a statement; only where pg_stat_statements may be read.",
              it -> it.slow(slow -> slow.worstMeanMillis() / 1000)),
          new DatabaseGauge(
              "tunetrail.database.replicas",
              "Clients that receive the server's WAL: replicas, backups of the whole server,"
                  + " logical subscribers.",
              it -> it.replication(DatabaseFacts.Replication::replicas)),
          new DatabaseGauge(
              "tunetrail.database.replication.lag.seconds",
              "How far the replica that is farthest is behind, or the server itself where it is"
                  + " one; without a value where there is none, or its state may not be read.",
              it -> it.replication(DatabaseFacts.Replication::lagSeconds)),
          new DatabaseGauge(
              "tunetrail.database.replication.lag.bytes",
              "The same in bytes of WAL.",
              it -> it.replication(DatabaseFacts.Replication::lagBytes)),
          new DatabaseGauge(
              "tunetrail.database.invalid.indexes",
              "Indexes that a failed CREATE INDEX CONCURRENTLY left, at most 20.",
              it -> it.fact(facts -> facts.invalidIndexes().size())),
          new DatabaseGauge(
              "tunetrail.database.pending.migrations",
              "Migrations that would run.",
              it -> it.number(TuneTrailDatabaseStatus::pendingCount)),
          new DatabaseGauge(
              "tunetrail.database.awaiting.approval.since.seconds",
              "Since when what is pending waits for an approval; without a value while nothing"
                  + " does.",
              it -> it.since(Conditions.APPROVED, "False")),
          new DatabaseGauge(
              "tunetrail.database.last.migration.timestamp.seconds",
              "When the last work on the schema ended, with its task and outcome.",
              it -> it.status().flatMap(DatabaseGauge::lastMigration)),
          new DatabaseGauge(
              "tunetrail.backup.last.success.timestamp.seconds",
              "When the last backup was complete.",
              it -> it.backup().flatMap(backup -> Sample.time(succeeded(backup)))),
          new DatabaseGauge(
              "tunetrail.backup.last.failure.timestamp.seconds",
              "When a backup failed last.",
              it -> it.backup().flatMap(backup -> Sample.time(failed(backup)))),
          new DatabaseGauge(
              "tunetrail.backup.last.verified.timestamp.seconds",
              "When a backup was restored last and found to be what its manifest says.",
              it -> it.backup().flatMap(backup -> Sample.time(verified(backup)))),
          new DatabaseGauge(
              "tunetrail.backup.last.verification.failure.timestamp.seconds",
              "When a backup was not verified last.",
              it -> it.backup().flatMap(backup -> Sample.time(unverified(backup)))),
          new DatabaseGauge(
              "tunetrail.backup.claim.info",
              "Where backups go, always 1; only where that is a PersistentVolumeClaim.",
              it -> it.claim().map(claim -> Sample.of(claim(claim), 1))),
          new DatabaseGauge(
              "tunetrail.backup.failures.since.success",
              "Backups that failed since the last that was complete.",
              it -> it.backup().map(backup -> Sample.of(backup.failuresSince()))),
          new DatabaseGauge(
              "tunetrail.backup.missed.runs",
              "Times of the schedule that passed without a backup, since the schedule was set.",
              it -> it.backup().map(backup -> Sample.of(backup.missedRuns()))),
          new DatabaseGauge(
              "tunetrail.backup.next.run.timestamp.seconds",
              "When the next backup is due.",
              it -> it.backup().flatMap(backup -> Sample.time(backup.nextRun()))),
          new DatabaseGauge(
              "tunetrail.backup.size.bytes",
              "Size of the last complete backup's archive, as it is stored.",
              it ->
                  it.success()
                      .flatMap(last -> Stream.ofNullable(last.sizeBytes()).map(Sample::of))),
          new DatabaseGauge(
              "tunetrail.backup.duration.seconds",
              "How long the last complete backup took.",
              it -> it.success().map(last -> seconds(last.duration()))),
          new DatabaseGauge(
              "tunetrail.backup.verified",
              "Whether the last complete backup was restored and is what its manifest says.",
              it -> it.backup().flatMap(DatabaseGauge::isVerified)),
          new DatabaseGauge(
              "tunetrail.backup.verification.duration.seconds",
              "How long the last verification took that found a backup to be what its manifest"
                  + " says.",
              it ->
                  it.backup()
                      .flatMap(backup -> Stream.ofNullable(backup.lastVerified()))
                      .map(last -> seconds(last.duration()))));

  /**
   * A resource and what was found of its database.
   *
   * @param seen null where it was not looked at yet, or did not answer
   */
  record Subject(TuneTrailDatabase resource, @Nullable DatabaseFacts seen) {

    private Stream<TuneTrailDatabaseStatus> status() {
      return Stream.ofNullable(resource.getStatus());
    }

    private Stream<Condition> conditions() {
      return status()
          .flatMap(
              it -> Objects.requireNonNullElse(it.conditions(), List.<Condition>of()).stream());
    }

    private Stream<Condition> condition(String type) {
      return conditions().filter(it -> it.type().equals(type));
    }

    private Stream<DatabaseFacts> facts() {
      return Stream.ofNullable(seen);
    }

    private Stream<BackupStatus> backup() {
      return status().flatMap(it -> Stream.ofNullable(it.backup()));
    }

    private Stream<BackupStatus.Successful> success() {
      return backup().flatMap(it -> Stream.ofNullable(it.lastSuccessful()));
    }

    private Stream<BackupSpec> wanted() {
      return Stream.ofNullable(resource.getSpec().backup());
    }

    private Stream<BackupClaimSpec> claim() {
      return wanted().flatMap(it -> Stream.ofNullable(it.storage().persistentVolumeClaim()));
    }

    private Stream<Sample> truth(String type) {
      return condition(type).flatMap(it -> Sample.isTrue(it).map(Sample::of).stream());
    }

    private Stream<Sample> since(String type, String status) {
      return condition(type)
          .filter(it -> it.status().equals(status))
          .flatMap(it -> Sample.time(it.lastTransitionTime()));
    }

    private Stream<Sample> number(Function<TuneTrailDatabaseStatus, @Nullable Integer> field) {
      return status().flatMap(it -> Stream.ofNullable(field.apply(it))).map(Sample::of);
    }

    private Stream<Sample> fact(Function<DatabaseFacts, Number> field) {
      return facts().map(it -> Sample.of(field.apply(it).doubleValue()));
    }

    private Stream<Sample> replication(
        Function<DatabaseFacts.Replication, @Nullable Number> field) {
      return facts()
          .flatMap(it -> Stream.ofNullable(it.activity().replication()))
          .flatMap(it -> known(field.apply(it)));
    }

    private static Stream<Sample> known(@Nullable Number value) {
      return value == null ? Stream.empty() : Stream.of(Sample.of(value.doubleValue()));
    }

    private Stream<Sample> slow(Function<DatabaseFacts.SlowStatements, Number> field) {
      return facts()
          .flatMap(it -> Stream.ofNullable(it.activity().slowStatements()))
          .map(it -> Sample.of(field.apply(it).doubleValue()));
    }
  }

  Stream<Sample> of(Subject subject) {
    return samples.apply(subject);
  }

  private static Tags info(TuneTrailDatabaseStatus status) {
    return Tags.of(
        "edition", text(status.edition()),
        "environment", text(status.environment()),
        "method", text(status.initializationMethod()),
        "version", text(status.migrationVersion()),
        "target", text(status.targetVersion()));
  }

  private static Tags claim(BackupClaimSpec claim) {
    return Tags.of("persistentvolumeclaim", claim.claimName());
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  private static Stream<Sample> connections(DatabaseFacts facts) {
    return facts.activity().connections().entrySet().stream()
        .map(it -> Sample.of(Tags.of("state", it.getKey()), it.getValue()));
  }

  private static Stream<Sample> lastMigration(TuneTrailDatabaseStatus status) {
    var last = status.lastMigration();
    return last == null
        ? Stream.empty()
        : Sample.time(last.finished())
            .map(
                it ->
                    Sample.of(
                        Tags.of("task", text(last.task()), "outcome", last.outcome()), it.value()));
  }

  private static @Nullable String succeeded(BackupStatus backup) {
    return backup.lastSuccessful() == null ? null : backup.lastSuccessful().time();
  }

  private static @Nullable String failed(BackupStatus backup) {
    return backup.lastFailure() == null ? null : backup.lastFailure().time();
  }

  private static @Nullable String verified(BackupStatus backup) {
    return backup.lastVerified() == null ? null : backup.lastVerified().time();
  }

  private static @Nullable String unverified(BackupStatus backup) {
    return backup.lastVerificationFailure() == null
        ? null
        : backup.lastVerificationFailure().time();
  }

  private static Stream<Sample> isVerified(BackupStatus backup) {
    var last = backup.lastSuccessful();
    var verified = backup.lastVerified();
    return last == null
        ? Stream.empty()
        : Stream.of(Sample.of(verified != null && verified.name().equals(last.name()) ? 1 : 0));
  }

  /** Of a duration as the status tells it, as in 3m20s. */
  private static Sample seconds(String duration) {
    return Sample.of(Duration.parse("PT" + duration).toMillis() / 1000.0);
  }
}
