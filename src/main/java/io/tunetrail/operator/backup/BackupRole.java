package io.tunetrail.operator.backup;

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

/** The role {@code backup}: dumps the database, and removes backups that are no longer wanted. */
public final class BackupRole {
  private final Map<String, String> environment;
  private final WorkLog log;
  private final PostgresClients clients;

  private BackupRole(Map<String, String> environment, PrintStream out, PostgresClients clients) {
    this.environment = environment;
    this.log = new WorkLog(out);
    this.clients = clients;
  }

  /**
   * Works as {@link WorkOrder#VARIABLE} and {@link BackupOrder#VARIABLE} order and answers the exit
   * code.
   *
   * @param environment the variables of both
   * @param out the log
   */
  public static int run(Map<String, String> environment, PrintStream out) {
    return run(environment, out, PostgresClients.installed());
  }

  static int run(Map<String, String> environment, PrintStream out, PostgresClients clients) {
    var role = new BackupRole(environment, out, clients);
    return new Reporting(environment, InstantSource.system(), role.log).ofAssigned(role::assigned);
  }

  private WorkResult assigned(Assignment assignment) throws IOException {
    var order = BackupOrder.read(environment.getOrDefault(BackupOrder.VARIABLE, ""));
    return switch (assignment.connection()) {
      case Resolution.Refused refused -> WorkResult.failed(Outcome.INVALID_INPUT, refused.detail());
      case Resolution.Resolved resolved -> {
        log.redact(resolved.settings().redaction());
        log.redact(order.store().redaction());
        var job = environment.getOrDefault(BackupOrder.JOB_VARIABLE, assignment.order().job());
        yield new BackupRun(
                assignment.order(), order, job, resolved.settings(), clients, log, false)
            .run();
      }
    };
  }
}
