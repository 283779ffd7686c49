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
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/** The role {@code verify}: restores a backup into a database that it makes and drops. */
public final class VerifyRole {
  private static final Path TEMPORARY = Path.of("/tmp");

  private final Map<String, String> environment;
  private final WorkLog log;
  private final PostgresClients clients;
  private final Path temporary;

  private VerifyRole(
      Map<String, String> environment, PrintStream out, PostgresClients clients, Path temporary) {
    this.environment = environment;
    this.log = new WorkLog(out);
    this.clients = clients;
    this.temporary = temporary;
  }

  /**
   * Works as {@link WorkOrder#VARIABLE} and {@link VerifyOrder#VARIABLE} order and answers the exit
   * code.
   *
   * @param environment the variables of both
   * @param out the log
   */
  public static int run(Map<String, String> environment, PrintStream out) {
    return run(environment, out, PostgresClients.installed(), TEMPORARY);
  }

  static int run(
      Map<String, String> environment, PrintStream out, PostgresClients clients, Path temporary) {
    var role = new VerifyRole(environment, out, clients, temporary);
    return new Reporting(environment, InstantSource.system(), role.log).ofAssigned(role::assigned);
  }

  /** On the scratch server, where the order names one, or else on the database's own. */
  private WorkResult assigned(Assignment assignment) throws IOException {
    var order = VerifyOrder.read(environment.getOrDefault(VerifyOrder.VARIABLE, ""));
    var scratch = assignment.scratch();
    return switch (scratch == null ? assignment.connection() : scratch) {
      case Resolution.Refused refused ->
          scratch == null
              ? WorkResult.failed(Outcome.INVALID_INPUT, refused.detail())
              : WorkResult.failed(Outcome.SCRATCH_UNAVAILABLE, "spec.scratch: " + refused.detail());
      case Resolution.Resolved resolved -> {
        log.redact(resolved.settings().redaction());
        log.redact(order.store().redaction());
        var job = assignment.order().job();
        yield new VerifyRun(
                order, job, resolved.settings(), scratch == null, clients, temporary, log)
            .run();
      }
    };
  }
}
