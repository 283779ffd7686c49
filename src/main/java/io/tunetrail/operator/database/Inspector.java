package io.tunetrail.operator.database;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.lifecycle.DatabaseFacts.Activity;
import io.tunetrail.operator.lifecycle.Look;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;

/**
 * Looks at a database, read-only and within a hard timeout; safe for use by many threads at once. A
 * database that has not changed costs one connection and a handful of queries, behind a proxy two;
 * Flyway is asked only when its history or the scripts did.
 */
public final class Inspector {
  private static final Set<String> CONNECTION_REFUSALS = Set.of("22023");

  /** A part of a look's time, so that a login that hangs delays it by no more. */
  private static final int MONITORING_PART = 2;

  private static final String OPERATOR = "tunetrail-operator";

  private final String application;
  private final Duration timeout;
  private final LookCache cache = new LookCache();

  /** Ends every look within five seconds. */
  public Inspector() {
    this(Duration.ofSeconds(5));
  }

  /** Ends every look within {@code timeout}, whatever the server does. */
  public Inspector(Duration timeout) {
    this(OPERATOR, timeout);
  }

  /** The same for another process, by the name that pg_stat_activity shows. */
  public Inspector(String application, Duration timeout) {
    this.application = application;
    this.timeout = timeout;
  }

  /**
   * What the database says now; blocks for at most the timeout, and half of it more where a login
   * for monitoring is given, and never throws for what the server does. Neither the answer nor an
   * exception tells the password.
   */
  public Look.Taken look(ConnectionSettings settings, LookRequest request) {
    var look = lookAsLogin(settings, request);
    return look instanceof Look.Seen(var facts) && request.monitoring() != null
        ? new Look.Seen(facts.withActivity(monitored(request.monitoring())))
        : look;
  }

  private Activity monitored(Resolution login) {
    return new MonitoringLook(application, timeout.dividedBy(MONITORING_PART)).take(login);
  }

  private Look.Taken lookAsLogin(ConnectionSettings settings, LookRequest request) {
    try (var sessions = new LookSessions(settings, application, timeout)) {
      try {
        return new DatabaseLook(sessions, settings, request, cache).take();
      } catch (SQLException e) {
        return sessions.isOver() ? silent(settings) : unseen(e, settings);
      } catch (RuntimeException e) {
        throw settings.redaction().apply(e);
      }
    }
  }

  private Look.Taken silent(ConnectionSettings settings) {
    return new Look.Unseen(
        Reason.DATABASE_UNREACHABLE,
        "%s:%d did not answer within %s s"
            .formatted(settings.host(), settings.port(), timeout.toMillis() / 1000.0));
  }

  private static Look.Taken unseen(SQLException e, ConnectionSettings settings) {
    var failure = SqlFailure.of(e, settings);
    return switch (failure.reason()) {
      case CONNECTION_LOST -> new Look.Unseen(Reason.DATABASE_UNREACHABLE, failure.detail());
      case MIGRATION_FAILED ->
          new Look.Unseen(
              CONNECTION_REFUSALS.contains(e.getSQLState())
                  ? Reason.INVALID_CONNECTION
                  : Reason.INTERNAL_ERROR,
              "looking at the database: " + failure.detail());
      default -> new Look.Unseen(failure.reason(), failure.detail());
    };
  }
}
