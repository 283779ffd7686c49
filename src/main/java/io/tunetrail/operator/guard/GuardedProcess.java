package io.tunetrail.operator.guard;

import io.tunetrail.operator.engine.HandsScript;
import io.tunetrail.operator.migration.WorkLog;
import io.tunetrail.operator.migration.WorkOrder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A guard in this process, and the hands in one of their own: what else are two containers. */
public final class GuardedProcess {
  /** Nobody knocks at the guard's door here. */
  private static final int ANY_PORT = 0;

  /** How long a guard takes at most to end, its program included. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Guard guard;
  private final Path shared;
  private final PrintStream log;

  private GuardedProcess(Guard guard, Path shared, PrintStream log) {
    this.guard = guard;
    this.shared = shared;
    this.log = log;
  }

  /**
   * Works as {@link WorkOrder#VARIABLE} orders; what it reports is in the file that {@link
   * WorkOrder#REPORT_VARIABLE} names.
   *
   * @param environment the variables of {@link WorkOrder}
   * @param shared an empty folder of this user's alone
   * @param python how the project's Python is started
   * @param hands with the project's folder and variables; its command is set here
   * @throws IOException where there is no such Python
   */
  public static void run(
      Map<String, String> environment,
      Path shared,
      List<String> python,
      ProcessBuilder hands,
      PrintStream log)
      throws IOException {
    var guard =
        new Guard(environment, shared, ANY_PORT, InstantSource.system(), new WorkLog(log), false);
    new SharedFolder(shared).writeHands();
    var command = new ArrayList<>(python);
    command.add(shared.resolve(HandsScript.NAME).toString());
    hands.command(command).redirectErrorStream(true);
    hands.environment().put(GuardRole.SHARED_VARIABLE, shared.toString());
    hands.environment().put(WorkOrder.REPORT_VARIABLE, shared.resolve("said").toString());
    new GuardedProcess(guard, shared, log).run(hands);
  }

  private void run(ProcessBuilder hands) throws IOException {
    var process = hands.start();
    var end = new Thread(() -> end(process), "laptop-ends");
    Runtime.getRuntime().addShutdownHook(end);
    var work = Thread.ofPlatform().daemon().name("guard").start(this::guarded);
    try (var said = process.inputReader()) {
      said.lines().forEach(log::println);
      process.waitFor();
      guard.stop();
      if (!work.join(PATIENCE)) {
        work.interrupt();
        work.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end(process);
      Runtime.getRuntime().removeShutdownHook(end);
    }
  }

  private void guarded() {
    try {
      guard.run();
    } catch (IOException e) {
      log.println("the folder %s can't be used: %s".formatted(shared, e.getMessage()));
    }
  }

  /** Without its hands a guard brings what they began to an end. */
  private void end(Process process) {
    process.destroy();
    guard.stop();
  }
}
