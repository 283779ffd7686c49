package io.tunetrail.operator.runtime;

import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.OperatorException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator as a process: runs until it is told to stop. */
public final class OperatorRole {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorRole.class);

  private OperatorRole() {}

  /**
   * Blocks until SIGTERM; returns an exit code other than 0 when it can't start. The process exits
   * by itself when another operator leads.
   */
  public static int run(Map<String, String> environment) throws InterruptedException {
    try {
      var client = new KubernetesClientBuilder().build();
      var configuration = Configuration.from(environment);
      var runtime = OperatorRuntime.start(client, configuration, OperatorRole::exit);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    runtime.close();
                    client.close();
                  }));
      Thread.currentThread().join();
      return 0;
    } catch (IllegalArgumentException | IllegalStateException e) {
      LOG.error("can't start: {}", e.getMessage());
      return 1;
    } catch (OperatorException e) {
      LOG.error("can't start: {}", (e.getCause() == null ? e : e.getCause()).getMessage());
      return 1;
    }
  }

  /** In a thread of its own, because who tells of the loss is waited for. */
  private static void exit() {
    Thread.ofPlatform().name("exit").start(() -> System.exit(1));
  }
}
