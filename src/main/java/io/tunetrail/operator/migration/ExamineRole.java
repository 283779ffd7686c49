package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.database.RoleLook;
import io.tunetrail.operator.database.SchemaLook;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The role {@code examine}: tells in the log what a person asks of a database; it changes nothing
 * and takes no lock. That the database can't be asked is an answer, too.
 */
public final class ExamineRole {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final PrintStream out;
  private final InstantSource clock;

  private ExamineRole(PrintStream out, InstantSource clock) {
    this.out = out;
    this.clock = clock;
  }

  /**
   * Asks as {@link WorkOrder#VARIABLE} orders and answers the exit code.
   *
   * @param environment the variables of {@link WorkOrder}
   * @param out the log
   */
  public static int run(Map<String, String> environment, PrintStream out) {
    var clock = InstantSource.system();
    var role = new ExamineRole(out, clock);
    return new Reporting(environment, clock, new WorkLog(out)).ofAssigned(role::examined);
  }

  private WorkResult examined(Assignment assignment) throws IOException {
    var order = assignment.order();
    var asked = Examination.of(Objects.requireNonNullElse(order.argument(), ""));
    if (asked.isEmpty()) {
      return WorkResult.failed(
          Outcome.INVALID_INPUT, "the order asks for nothing that can be examined");
    }
    // Past a log's redaction, which could take a short password out of the frame's letters.
    lines(asked.get(), order, assignment.connection()).forEach(out::println);
    return new WorkResult(Outcome.DONE, null, null, 0, null);
  }

  private List<String> lines(Examination asked, WorkOrder order, Resolution connection) {
    return switch (asked) {
      case ROLE -> ExamineFrame.lines(role(connection), clock.instant());
      case SCHEMA -> ExamineFrame.lines(schema(order, connection));
    };
  }

  private static RoleLook.Answer role(Resolution connection) {
    return switch (connection) {
      case Resolution.Refused(var reason, var detail) ->
          new RoleLook.Answer.Refused(detail, reason.remedy());
      case Resolution.Resolved(ConnectionSettings settings) -> RoleLook.take(settings, TIMEOUT);
    };
  }

  /** Without the engine's own history, as everywhere. */
  private static SchemaLook.Answer schema(WorkOrder order, Resolution connection) {
    var flyway = order.flyway();
    var histories = flyway == null ? Set.<String>of() : Set.of(flyway.table());
    return switch (connection) {
      case Resolution.Refused(_, var detail) -> new SchemaLook.Answer.Refused(detail);
      case Resolution.Resolved(ConnectionSettings settings) ->
          SchemaLook.take(settings, histories, TIMEOUT);
    };
  }
}
