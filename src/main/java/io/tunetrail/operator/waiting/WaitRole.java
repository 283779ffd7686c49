package io.tunetrail.operator.waiting;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.migration.Outcome;
import java.io.PrintStream;
import java.util.Map;

/**
 * The role {@code wait}, for an application's init container: it returns when the database has at
 * least a version, so that replicas of an older version start again after the database moved on. It
 * needs no Kubernetes rights and nothing of the database but CONNECT, or SELECT on the engine's own
 * history where the operator has not worked yet:
 *
 * <pre>{@code
 * initContainers:
 *   - name: schema
 *     image: # the operator's
 *     args: [wait]
 *     terminationMessagePolicy: FallbackToLogsOnError
 *     env:
 *       - {name: TUNETRAIL_WAIT_FOR, value: "7"}
 *       - {name: TUNETRAIL_WAIT_DEADLINE, value: 10m}
 *       - {name: TUNETRAIL_MOUNTS, value: /tunetrail}
 *     volumeMounts:
 *       - {name: database, mountPath: /tunetrail/secret, readOnly: true}
 * }</pre>
 *
 * <ul>
 *   <li>{@code TUNETRAIL_WAIT_FOR}: a Flyway version; an Alembic revision or, from four characters
 *       on, its beginning; {@code current}: whatever finished work has brought; {@code create-all}:
 *       a create-all that ended well, for a community database, which has no versions
 *   <li>{@code TUNETRAIL_WAIT_DEADLINE}: a number and a unit (ms, s, m, h); 10m without it
 *   <li>{@code TUNETRAIL_WAIT_SCHEMA}: the schema of the engine's history table, where services
 *       share a database by schema; without it the version may be in any
 *   <li>{@code TUNETRAIL_WAIT_TABLE}: the name of the engine's history table where the project gave
 *       it one of its own; then no other is read. Without it flyway_schema_history and
 *       alembic_version
 *   <li>{@code TUNETRAIL_MOUNTS}: a folder with {@code secret/}, a file a key by the Service
 *       Binding convention, and optionally {@code ca/ca.crt}, as Jobs have it
 *   <li>{@code PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD, PGSSLMODE, PGSSLROOTCERT}: as libpq
 *       has them; each wins over the mounted key
 * </ul>
 *
 * <p>Where the role may read the engine's own history (USAGE on its schema, SELECT on it), that is
 * the truth, so that the version is also there when it was before the operator came, or when a Job
 * was lost between the engine's commit and its last word. Flyway's names every version. Alembic's
 * names only the newest revisions; those before them are there when tunetrail.history has a
 * finished work that ended at these. Elsewhere the version is there when the newest finished work
 * on the schema left it among its versions, as tunetrail.history tells. Either way it is not there
 * any more after an undo, and below a baseline every number is there. Without a mode, given
 * certificates are checked as verify-full does.
 */
public final class WaitRole {
  /** The deadline is over; beside the exit codes of {@link Outcome}, whose own has no number. */
  static final int DEADLINE_EXCEEDED = 24;

  private WaitRole() {}

  /**
   * Waits and answers the exit code: 0 when it is there, 10 when it is not said well what to wait
   * for and where, 24 when the deadline is over.
   *
   * @param environment the variables above
   * @param out the log
   */
  public static int run(Map<String, String> environment, PrintStream out)
      throws InterruptedException {
    var log = new WaitLog(out);
    WaitOrder order;
    try {
      order = WaitOrder.from(environment);
    } catch (IllegalArgumentException e) {
      log.line(String.valueOf(e.getMessage()));
      return Outcome.INVALID_INPUT.exitCode();
    }
    var binding = new Binding(environment);
    return switch (binding.resolve()) {
      case Resolution.Refused refused -> {
        log.line(refused.detail());
        yield Outcome.INVALID_INPUT.exitCode();
      }
      case Resolution.Resolved resolved -> {
        log.hide(resolved.settings().password());
        log.line(firstLine(order, resolved.settings()));
        yield guarded(new Wait(order, binding, log), log);
      }
    };
  }

  private static int guarded(Wait wait, WaitLog log) throws InterruptedException {
    try (wait) {
      return wait.run();
    } catch (RuntimeException e) {
      log.line("%s: %s".formatted(e.getClass().getSimpleName(), e.getMessage()));
      return Outcome.INTERNAL_ERROR.exitCode();
    }
  }

  private static String firstLine(WaitOrder order, ConnectionSettings settings) {
    return "%s in database %s at %s:%d as %s, within %d s"
        .formatted(
            order.wanted(),
            settings.database(),
            settings.host(),
            settings.port(),
            settings.username(),
            order.deadline().toSeconds());
  }
}
