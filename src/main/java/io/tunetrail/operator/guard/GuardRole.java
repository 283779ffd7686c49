package io.tunetrail.operator.guard;

import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.WorkLog;
import io.tunetrail.operator.migration.WorkOrder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;

/** The role {@code guard}: the sidecar beside a user's own image. */
public final class GuardRole {
  /** The variable that names the folder which the user's container mounts too. */
  public static final String SHARED_VARIABLE = "TUNETRAIL_SHARED";

  /** The variable with the number of the port that opens when the user's container may start. */
  public static final String PORT_VARIABLE = "TUNETRAIL_PORT";

  private static final String DEFAULT_FOLDER = "/tunetrail";
  private static final String DEFAULT_PORT = "8087";

  private GuardRole() {}

  /**
   * Works as {@link WorkOrder#VARIABLE} orders, stays until the pod ends and answers the exit code.
   *
   * @param environment the variables of {@link WorkOrder} and of this role
   * @param out the log
   */
  public static int run(Map<String, String> environment, PrintStream out) {
    var log = new WorkLog(out);
    var folder = environment.getOrDefault(SHARED_VARIABLE, DEFAULT_FOLDER);
    var port = environment.getOrDefault(PORT_VARIABLE, DEFAULT_PORT);
    var guard =
        new Guard(
            environment,
            Path.of(Objects.requireNonNull(folder)),
            Integer.parseInt(Objects.requireNonNull(port)),
            InstantSource.system(),
            log);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> endWith(guard), "pod-ends"));
    try {
      return guard.run();
    } catch (IOException e) {
      log.line("the folder %s or port %s can't be used: %s".formatted(folder, port, e));
      return Outcome.INTERNAL_ERROR.exitCode();
    }
  }

  /** Otherwise the exit code would tell of the signal. */
  private static void endWith(Guard guard) {
    if (guard.stop()) {
      Runtime.getRuntime().halt(0);
    }
  }
}
