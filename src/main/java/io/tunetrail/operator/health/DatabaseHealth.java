package io.tunetrail.operator.health;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.Edition;
import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.LookBy;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.health.LastLooks.LastLook;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.Verdict;
import io.tunetrail.operator.lifecycle.WriteAccess;
import io.tunetrail.operator.status.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a database's health. It is healthy while it answered the last look, has tables
 * and may be written to, and that look is not too old; whether its schema is current is told
 * besides.
 *
 * @param status healthy, unhealthy or unknown
 * @param connection ok, failed or unknown; so are tables and writeAccess
 * @param schema the reason of condition Ready
 * @param message what is wrong; null while nothing is
 * @param lookedAt when the database was looked at last, RFC 3339; null where it was not yet, or by
 *     another operator
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatabaseHealth(
    String status,
    String namespace,
    String name,
    String connection,
    String tables,
    String writeAccess,
    @Nullable Edition edition,
    @Nullable Environment environment,
    @Nullable String initializationMethod,
    @Nullable String migrationVersion,
    @Nullable String targetVersion,
    @Nullable Integer tableCount,
    @Nullable Integer pendingCount,
    @Nullable String schema,
    @Nullable String message,
    @Nullable String lookedAt,
    @Nullable Long lookAgeSeconds) {

  /** Looks come every two minutes at least, unless the operator can't. */
  static final Duration OUTDATED = Duration.ofMinutes(3);

  /** Those by Jobs come every five minutes, and a Job may wait for its turn. */
  static final Duration OUTDATED_BY_JOB = Duration.ofMinutes(15);

  private static final String OK = "ok";
  private static final String FAILED = "failed";
  private static final String UNKNOWN = "unknown";

  @JsonIgnore
  boolean isHealthy() {
    return status.equals("healthy");
  }

  /** By the last look at it. */
  static DatabaseHealth of(TuneTrailDatabase resource, LastLook last, Instant now) {
    if (isOutdated(resource, last.at(), now)) {
      return unknown(resource, "the last look at the database is too old", last.at(), now);
    }
    return switch (last.look()) {
      case Look.Unseen unseen when !unseen.wasAsked() ->
          unknown(resource, message(unseen), last.at(), now);
      case Look.Unseen unseen ->
          unreachable(message(unseen)).health(resource, null, last.at(), now);
      case Look.Seen seen -> {
        int tables = seen.facts().tableCount();
        yield answered(tables, seen.facts().writeAccess()).health(resource, tables, last.at(), now);
      }
    };
  }

  /**
   * By what another operator wrote, which writes nothing while it finds what it found before: as
   * long as it leads, and for as long afterwards as a look counts.
   *
   * @param led when another was last known to lead; null where none is
   */
  static DatabaseHealth byStatus(TuneTrailDatabase resource, @Nullable Instant led, Instant now) {
    if (led == null || isOutdated(resource, led, now)) {
      return unknown(
          resource,
          "this operator has not looked at the database, and no other is known to do so",
          null,
          now);
    }
    var known = resource.getStatus();
    var reachable =
        Conditions.find(known == null ? null : known.conditions(), Conditions.DATABASE_REACHABLE);
    return switch (reachable.map(Condition::status).orElse("")) {
      case "True" -> written(resource, requireNonNull(known), now);
      case "False" ->
          unreachable(reachable.orElseThrow().message()).health(resource, null, null, now);
      default ->
          unknown(
              resource,
              reachable.map(Condition::message).orElse("nobody has looked at the database yet"),
              null,
              now);
    };
  }

  /** An operator of an earlier version wrote less. */
  private static DatabaseHealth written(
      TuneTrailDatabase resource, TuneTrailDatabaseStatus status, Instant now) {
    var tables = status.tableCount();
    var access = status.writeAccess();
    return tables == null || access == null
        ? unknown(
            resource, "the status does not say yet whether tables may be written to", null, now)
        : answered(tables, WriteAccess.of(access)).health(resource, tables, null, now);
  }

  private static boolean isOutdated(TuneTrailDatabase resource, Instant known, Instant now) {
    boolean byJob = resource.getSpec().connection().look() == LookBy.JOB;
    return known.plus(byJob ? OUTDATED_BY_JOB : OUTDATED).isBefore(now);
  }

  private static DatabaseHealth unknown(
      TuneTrailDatabase resource, String message, @Nullable Instant at, Instant now) {
    return new Told(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, message).health(resource, null, at, now);
  }

  private static String message(Look.Unseen unseen) {
    return new Verdict(unseen.reason(), unseen.detail()).message();
  }

  private static Told unreachable(String message) {
    return new Told("unhealthy", FAILED, UNKNOWN, UNKNOWN, message);
  }

  private static Told answered(int tableCount, WriteAccess access) {
    boolean tables = tableCount > 0;
    boolean writable = access == WriteAccess.WRITABLE;
    var message = !tables ? "the database has no tables" : writable ? null : access.words();
    return new Told(
        tables && writable ? "healthy" : "unhealthy",
        OK,
        tables ? OK : FAILED,
        writable ? OK : FAILED,
        message);
  }

  /** What the look says, or the status. */
  private record Told(
      String status,
      String connection,
      String tables,
      String writeAccess,
      @Nullable String message) {

    DatabaseHealth health(
        TuneTrailDatabase resource,
        @Nullable Integer tableCount,
        @Nullable Instant at,
        Instant now) {
      var known = resource.getStatus();
      return new DatabaseHealth(
          status,
          resource.getMetadata().getNamespace(),
          resource.getMetadata().getName(),
          connection,
          tables,
          writeAccess,
          resource.getSpec().edition(),
          resource.getSpec().environment(),
          known == null ? null : known.initializationMethod(),
          known == null ? null : known.migrationVersion(),
          known == null ? null : known.targetVersion(),
          tableCount,
          known == null ? null : known.pendingCount(),
          known == null ? null : schema(known),
          message,
          at == null ? null : at.truncatedTo(ChronoUnit.SECONDS).toString(),
          at == null ? null : Long.valueOf(Duration.between(at, now).toSeconds()));
    }

    private static @Nullable String schema(TuneTrailDatabaseStatus status) {
      return Conditions.find(status.conditions(), Conditions.READY)
          .map(Condition::reason)
          .orElse(null);
    }
  }
}
