package io.tunetrail.operator.backup;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.database.PostgresClients;
import io.tunetrail.operator.migration.Assignment;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Reporting;
import io.tunetrail.operator.migration.WorkLog;
import io.tunetrail.operator.migration.WorkOrder;
import io.tunetrail.operator.migration.WorkResult;
import java.io.IOException;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The role {@code restore}: puts a backup into a new database or in the live one's place. */
public final class RestoreRole {
  private final Map<String, String> environment;
  private final WorkLog log;
  private final PostgresClients clients;

  private RestoreRole(Map<String, String> environment, PrintStream out, PostgresClients clients) {
    this.environment = environment;
    this.log = new WorkLog(out);
    this.clients = clients;
  }

  /**
   * Works as {@link WorkOrder#VARIABLE} and {@link RestoreOrder#VARIABLE} order and answers the
   * exit code.
   *
   * @param environment the variables of both
   * @param out the log
   */
  public static int run(Map<String, String> environment, PrintStream out) {
    var role = new RestoreRole(environment, out, PostgresClients.installed());
    return new Reporting(environment, InstantSource.system(), role.log).ofAssigned(role::assigned);
  }

  private WorkResult assigned(Assignment assignment) throws IOException {
    return switch (assignment.connection()) {
      case Resolution.Refused refused -> WorkResult.failed(Outcome.INVALID_INPUT, refused.detail());
      case Resolution.Resolved resolved -> {
        log.redact(resolved.settings().redaction());
        yield beside(assignment, resolved.settings());
      }
    };
  }

  /** Resolves the way of who makes and renames databases, where the order names one. */
  private WorkResult beside(Assignment assignment, ConnectionSettings settings) throws IOException {
    return switch (assignment.scratch()) {
      case null -> restored(assignment, settings, null);
      case Resolution.Refused refused ->
          WorkResult.failed(Outcome.INVALID_INPUT, "the admin's credentials: " + refused.detail());
      case Resolution.Resolved resolved -> {
        log.redact(resolved.settings().redaction());
        yield restored(assignment, settings, resolved.settings());
      }
    };
  }

  private WorkResult restored(
      Assignment assignment, ConnectionSettings settings, @Nullable ConnectionSettings admin) {
    var order = RestoreOrder.read(environment.getOrDefault(RestoreOrder.VARIABLE, ""));
    log.redact(order.store().redaction());
    return new RestoreRun(assignment.order(), order, settings, admin, clients, log).run();
  }
}
