package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.database.Inspector;
import io.tunetrail.operator.database.LookRequest;
import io.tunetrail.operator.engine.ScriptListing;
import io.tunetrail.operator.engine.Scripts;
import io.tunetrail.operator.lifecycle.Look;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The role {@code look}: looks at a database as the operator would, and tells in the log what there
 * is; it changes nothing and takes no lock.
 */
public final class LookRole {
  /** More than the operator's: this JVM has just started, and may share its processor with many. */
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final Map<String, String> environment;
  private final PrintStream out;
  private final WorkLog log;

  private LookRole(Map<String, String> environment, PrintStream out) {
    this.environment = environment;
    this.out = out;
    this.log = new WorkLog(out);
  }

  /**
   * Looks as {@link WorkOrder#VARIABLE} orders and answers the exit code.
   *
   * @param environment the variables of {@link WorkOrder}
   * @param out the log
   */
  public static int run(Map<String, String> environment, PrintStream out) {
    var role = new LookRole(environment, out);
    return new Reporting(environment, InstantSource.system(), role.log).of(role::guarded);
  }

  private WorkResult guarded() {
    try {
      return switch (Assignment.read(environment)) {
        case Assignment.Reading.Refused refused -> refused.result();
        case Assignment.Reading.Read read -> looked(read.assignment());
      };
    } catch (IOException e) {
      return WorkResult.failed(
          Outcome.INTERNAL_ERROR, "the mounts can't be read: " + e.getMessage());
    }
  }

  private WorkResult looked(Assignment assignment) throws IOException {
    var order = assignment.order();
    var scripts = scripts(assignment.mounts());
    if (!scripts.digest().equals(order.inputsDigest())) {
      return WorkResult.otherInputs(scripts.digest(), order.inputsDigest());
    }
    return told(
        switch (assignment.connection()) {
          case Resolution.Refused refused -> new Look.Unseen(refused.reason(), refused.detail());
          case Resolution.Resolved resolved ->
              look(
                  order,
                  resolved.settings(),
                  new LookRequest(
                      order.resourceUid(),
                      order.flyway(),
                      order.alembic(),
                      scripts,
                      Objects.requireNonNullElse(order.otherHistories(), List.of()),
                      Objects.requireNonNullElse(order.ignoredDrift(), List.of())));
        });
  }

  /** Of an image no more than its inspection told is needed. */
  private static Scripts scripts(Mounts mounts) throws IOException {
    var listing = mounts.listing();
    return listing == null ? mounts.ofConfigMaps() : ScriptListing.parse(listing);
  }

  private Look.Taken look(WorkOrder order, ConnectionSettings settings, LookRequest request) {
    log.redact(settings.redaction());
    return new Inspector("tunetrail/" + order.job(), TIMEOUT).look(settings, request);
  }

  /** Past the log's redaction, which could take a short password out of the frame's letters. */
  private WorkResult told(Look.Taken look) {
    LookFrame.lines(look).forEach(out::println);
    return switch (look) {
      case Look.Seen _ -> new WorkResult(Outcome.DONE, null, null, 0, null);
      case Look.Unseen unseen ->
          WorkResult.failed(Outcomes.beforeWork(unseen.reason()), unseen.detail());
    };
  }
}
