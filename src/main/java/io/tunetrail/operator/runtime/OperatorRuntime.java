package io.tunetrail.operator.runtime;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.database.Inspector;
import io.tunetrail.operator.reconcile.Bulkhead;
import io.tunetrail.operator.reconcile.DatabaseReconciler;
import io.tunetrail.operator.reconcile.ReconcileThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator at work, from start to close. */
public final class OperatorRuntime implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorRuntime.class);

  private static final int OLDEST_MINOR = 30;

  private final Operator operator;
  private final HealthServer health;

  private OperatorRuntime(Operator operator, HealthServer health) {
    this.operator = operator;
    this.health = health;
  }

  /** Starts and returns once the caches are filled; closing it leaves the client open. */
  public static OperatorRuntime start(KubernetesClient client, Configuration configuration) {
    refuseOldCluster(client);
    var bulkhead = new Bulkhead(Bulkhead.Limits.DEFAULT);
    var operator =
        new Operator(
            overrider ->
                overrider
                    .withKubernetesClient(client)
                    .withCloseClientOnStop(false)
                    .withExecutorService(new ReconcileThreads(bulkhead))
                    .withReconciliationTerminationTimeout(Duration.ofSeconds(5)));
    var reconciler =
        new DatabaseReconciler(
            client, new Inspector(), bulkhead, configuration.image(), Clock.systemUTC());
    operator.register(
        reconciler,
        overrider -> {
          if (configuration.namespaces().isEmpty()) {
            overrider.watchingAllNamespaces();
          } else {
            overrider.settingNamespaces(configuration.namespaces());
          }
        });
    var runtime = new OperatorRuntime(operator, health(configuration, operator));
    operator.start();
    LOG.info(
        "watching {} with image {}",
        TuneTrailDatabase.class.getSimpleName(),
        configuration.image());
    return runtime;
  }

  /** Where /livez and /readyz answer. */
  public int httpPort() {
    return health.port();
  }

  private static HealthServer health(Configuration configuration, Operator operator) {
    try {
      return new HealthServer(
          configuration.httpPort(),
          () ->
              operator.getRuntimeInfo().isStarted()
                  && operator.getRuntimeInfo().allEventSourcesAreHealthy());
    } catch (IOException e) {
      throw new UncheckedIOException("can't listen on port " + configuration.httpPort(), e);
    }
  }

  private static void refuseOldCluster(KubernetesClient client) {
    var version = client.getKubernetesVersion();
    int minor = Integer.parseInt(version.getMinor().replaceAll("[^0-9].*$", ""));
    if (version.getMajor().equals("1") && minor < OLDEST_MINOR) {
      throw new IllegalStateException(
          "Kubernetes 1.%d is too old; 1.%d or newer is needed".formatted(minor, OLDEST_MINOR));
    }
  }

  @Override
  public void close() {
    health.close();
    operator.stop();
  }
}
