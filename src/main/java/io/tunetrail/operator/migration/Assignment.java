package io.tunetrail.operator.migration;

import io.tunetrail.operator.api.ConnectionSpec;
import io.tunetrail.operator.database.ClientCertificate;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a pod is to do, and what it finds mounted for it. */
public record Assignment(WorkOrder order, Mounts mounts) {

  /** The assignment, or why there is none. */
  public sealed interface Reading {
    record Read(Assignment assignment) implements Reading {}

    record Refused(WorkResult result) implements Reading {}
  }

  /** Reads the variables of {@link WorkOrder}. */
  public static Reading read(Map<String, String> environment) {
    var text = environment.get(WorkOrder.VARIABLE);
    var folder = environment.get(WorkOrder.MOUNTS_VARIABLE);
    var scripts = environment.getOrDefault(WorkOrder.SCRIPTS_VARIABLE, "");
    if (text == null || folder == null) {
      return refused(
          "%s and %s must be set; this role is started by the operator"
              .formatted(WorkOrder.VARIABLE, WorkOrder.MOUNTS_VARIABLE));
    }
    try {
      return new Reading.Read(
          new Assignment(
              WorkOrderReader.read(text), new Mounts(Path.of(folder), Path.of(scripts))));
    } catch (IllegalArgumentException e) {
      return refused(WorkOrder.VARIABLE + " is " + e.getMessage());
    }
  }

  private static Reading refused(String message) {
    return new Reading.Refused(WorkResult.failed(Outcome.INVALID_INPUT, message));
  }

  /** The way to the database, by the Secret as it is mounted now. */
  public Resolution connection() throws IOException {
    return resolve(order.connection(), mounts.secret(), mounts.caPem(), mounts.clientCertificate());
  }

  /** The way to the scratch server; null where the order names none. */
  public @Nullable Resolution scratch() throws IOException {
    var scratch = order.scratch();
    return scratch == null
        ? null
        : resolve(
            scratch,
            mounts.scratchSecret(),
            mounts.scratchCaPem(),
            mounts.scratchClientCertificate());
  }

  private Resolution resolve(
      ConnectionSpec connection,
      Map<String, String> secret,
      @Nullable String caPem,
      @Nullable ClientCertificate certificate) {
    var namespace = order.resource().substring(0, Math.max(0, order.resource().indexOf('/')));
    return ConnectionSettings.resolve(
        connection, order.environment(), namespace, secret, caPem, certificate);
  }
}
