package io.tunetrail.operator.runtime;

import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator as a process: runs until it is told to stop. */
public final class OperatorRole {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorRole.class);

  private OperatorRole() {}

  /** Blocks until SIGTERM; returns an exit code other than 0 when it can't start. */
  public static int run(Map<String, String> environment) throws InterruptedException {
    try {
      var client = new KubernetesClientBuilder().build();
      var runtime = OperatorRuntime.start(client, Configuration.from(environment));
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
    }
  }
}
