package io.tunetrail.operator.runtime;

import ch.qos.logback.classic.LoggerContext;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.OperatorException;
import java.nio.file.Path;
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
      var client =
          new KubernetesClientBuilder()
              .withKubernetesSerialization(LeanSerialization.create())
              .build();
      var configuration = Configuration.from(environment);
      var levels = logLevels(environment);
      var runtime = OperatorRuntime.start(client, configuration, OperatorRole::exit);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    runtime.close();
                    client.close();
                    levels.close();
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

  private static LogLevels logLevels(Map<String, String> environment) {
    var folder = environment.getOrDefault("LOG_LEVELS_FOLDER", "/etc/tunetrail/log-levels");
    return LogLevels.start((LoggerContext) LoggerFactory.getILoggerFactory(), Path.of(folder));
  }

  /** In a thread of its own, because who tells of the loss is waited for. */
  private static void exit() {
    Thread.ofPlatform().name("exit").start(() -> System.exit(1));
  }
}
