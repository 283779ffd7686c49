package io.tunetrail.operator.runtime;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.VersionInfo;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.Controller;
import io.javaoperatorsdk.operator.processing.event.source.informer.ManagedInformerEventSource;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailRestore;
import io.tunetrail.operator.database.Inspector;
import io.tunetrail.operator.health.HealthQuestion;
import io.tunetrail.operator.health.LastLooks;
import io.tunetrail.operator.health.ReviewedAccess;
import io.tunetrail.operator.metrics.OperatorMetrics;
import io.tunetrail.operator.notification.Notice;
import io.tunetrail.operator.notification.Webhook;
import io.tunetrail.operator.reconcile.Bulkhead;
import io.tunetrail.operator.reconcile.DatabaseReconciler;
import io.tunetrail.operator.reconcile.Leader;
import io.tunetrail.operator.reconcile.ReconcileThreads;
import io.tunetrail.operator.reconcile.RestoreReconciler;
import io.tunetrail.operator.reconcile.Signals;
import io.tunetrail.operator.tracing.OpenTelemetrySpans;
import io.tunetrail.operator.tracing.Spans;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator at work, from start to close. */
public final class OperatorRuntime implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorRuntime.class);

  private static final int OLDEST_MINOR = 30;

  private final Operator operator;
  private final OperatorMetrics metrics;
  private final HttpEndpoints http;
  private final @Nullable Leadership leadership;
  private final @Nullable Webhook webhook;
  private final Spans spans;

  private OperatorRuntime(
      Operator operator,
      OperatorMetrics metrics,
      HttpEndpoints http,
      @Nullable Leadership leadership,
      @Nullable Webhook webhook,
      Spans spans) {
    this.operator = operator;
    this.metrics = metrics;
    this.http = http;
    this.leadership = leadership;
    this.webhook = webhook;
    this.spans = spans;
  }

  /** Starts an operator whose lease, where it has one, is never lost; for tests and demos. */
  public static OperatorRuntime start(KubernetesClient client, Configuration configuration) {
    return start(client, configuration, () -> {});
  }

  /**
   * Starts and returns once the caches are filled; closing it leaves the client open.
   *
   * @param leaseLost called when another operator leads, or may soon: this one must be closed
   */
  public static OperatorRuntime start(
      KubernetesClient client, Configuration configuration, Runnable leaseLost) {
    var version = new FutureTask<>(() -> version(client));
    Thread.ofVirtual().name("version").start(version); // the first request is the longest
    var candidate = configuration.candidate();
    var clock = Clock.systemUTC();
    var leadership = candidate == null ? null : new Leadership(client, candidate, clock, leaseLost);
    var leader = leadership == null ? Leader.ALONE : leadership;
    var bulkhead = new Bulkhead(Bulkhead.Limits.DEFAULT);
    var threads = new ReconcileThreads(leader, bulkhead);
    var metrics = new OperatorMetrics(leader::leads);
    var looks = new LastLooks();
    var access = new ReviewedAccess(client, clock);
    var health = new HealthQuestion(access, looks, leader::leads, leader::otherLed, clock);
    var settings = configuration.webhook();
    var webhook = settings == null ? null : Webhook.start(settings, clock, metrics::notified);
    var spans = configuration.traces() ? OpenTelemetrySpans.start() : Spans.NONE;
    Consumer<Notice> notices = webhook == null ? _ -> {} : webhook;
    var signals = new Signals(metrics, looks, health, notices, spans);
    var operator =
        new Operator(
            overrider ->
                overrider
                    .withKubernetesClient(client)
                    .withCloseClientOnStop(false)
                    .withExecutorService(threads)
                    .withMetrics(metrics.ofTheOperatorSdk())
                    .withReconciliationTerminationTimeout(Duration.ofSeconds(5)));
    register(
        operator,
        new DatabaseReconciler(
            client,
            leader,
            new Inspector(),
            bulkhead,
            configuration.jobs(),
            configuration.backups(),
            configuration.image(),
            signals,
            clock),
        configuration);
    register(
        operator,
        new RestoreReconciler(client, leader, configuration.image(), signals, clock),
        configuration);
    var http = http(configuration, operator, metrics, leadership);
    if (configuration.answersHealth()) {
      http.answer(health);
    }
    var runtime = new OperatorRuntime(operator, metrics, http, leadership, webhook, spans);
    try {
      refuseOldCluster(answer(version));
      operator.start();
      runtime.lead();
    } catch (RuntimeException e) {
      runtime.http.close();
      throw e;
    }
    tell(configuration, answer(version), runtime);
    return runtime;
  }

  /** What it starts with, for who reads the log later. */
  private static void tell(
      Configuration configuration, VersionInfo kubernetes, OperatorRuntime runtime) {
    var namespaces = configuration.namespaces();
    var webhook = configuration.webhook();
    var own = OperatorRuntime.class.getPackage().getImplementationVersion();
    LOG.atInfo()
        .addKeyValue("version", own == null ? "unknown" : own)
        .addKeyValue("kubernetes", kubernetes.getGitVersion())
        .addKeyValue("namespaces", namespaces.isEmpty() ? "all" : String.join(",", namespaces))
        .addKeyValue("image", configuration.image())
        .addKeyValue("election", configuration.candidate() == null ? "none" : "by Lease")
        .addKeyValue("jobsAtOnce", configuration.jobs().most())
        .addKeyValue("jobsAtOncePerServer", configuration.jobs().mostPerServer())
        .addKeyValue("backupsAtOnce", configuration.backups().most())
        .addKeyValue("health", configuration.answersHealth() ? "authenticated" : "off")
        .addKeyValue("webhook", webhook == null ? "off" : webhook.where())
        .addKeyValue("traces", configuration.traces() ? "on" : "off")
        .addKeyValue("cached", runtime.cached().size())
        .log(
            "watching {} and {}",
            TuneTrailDatabase.class.getSimpleName(),
            TuneTrailRestore.class.getSimpleName());
  }

  private static <P extends HasMetadata> void register(
      Operator operator, Reconciler<P> reconciler, Configuration configuration) {
    operator.register(
        reconciler,
        overrider -> {
          if (configuration.namespaces().isEmpty()) {
            overrider.watchingAllNamespaces();
          } else {
            overrider.settingNamespaces(configuration.namespaces());
          }
        });
  }

  /** With its caches filled. */
  private void lead() {
    if (leadership != null) {
      leadership.start();
    }
  }

  /** Where /livez and /readyz answer. */
  public int httpPort() {
    return http.port();
  }

  /** Everything that the caches hold. */
  public List<HasMetadata> cached() {
    return operator.getRegisteredControllers().stream()
        .flatMap(it -> ((Controller<?>) it).getEventSourceManager().allEventSourcesStream())
        .filter(ManagedInformerEventSource.class::isInstance)
        .<HasMetadata>flatMap(it -> ((ManagedInformerEventSource<?, ?, ?>) it).list())
        .toList();
  }

  /** An operator that waits to lead is ready too: an upgrade ends the old one then. */
  private static HttpEndpoints http(
      Configuration configuration,
      Operator operator,
      OperatorMetrics metrics,
      @Nullable Leadership leadership) {
    try {
      return new HttpEndpoints(
          configuration.httpPort(),
          metrics::page,
          () -> leadership == null || leadership.isAlive(),
          () ->
              operator.getRuntimeInfo().isStarted()
                  && operator.getRuntimeInfo().allEventSourcesAreHealthy());
    } catch (IOException e) {
      throw new UncheckedIOException("can't listen on port " + configuration.httpPort(), e);
    }
  }

  private static VersionInfo answer(FutureTask<VersionInfo> version) {
    try {
      return version.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException refused
          ? refused
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before the start", e);
    }
  }

  /** Waits for an API server that is away, so that the pod does not start over and over. */
  private static VersionInfo version(KubernetesClient client) {
    while (true) {
      try {
        return client.getKubernetesVersion();
      } catch (KubernetesClientException e) {
        if (e.getCode() != 0) {
          throw new IllegalStateException("the API server refuses: " + e.getMessage(), e);
        }
        LOG.warn("waiting for the API server: {}", e.getMessage()); // the client backs off itself
      }
    }
  }

  private static void refuseOldCluster(VersionInfo version) {
    int minor = Integer.parseInt(version.getMinor().replaceAll("[^0-9].*$", ""));
    if (version.getMajor().equals("1") && minor < OLDEST_MINOR) {
      throw new IllegalStateException(
          "Kubernetes 1.%d is too old; 1.%d or newer is needed".formatted(minor, OLDEST_MINOR));
    }
  }

  /** Ends what is under way within 5 s, and only then lets another lead. */
  @Override
  public void close() {
    http.close();
    end();
    if (webhook != null) {
      webhook.close();
    }
    spans.close();
    metrics.close();
  }

  private void end() {
    if (leadership == null) {
      operator.stop();
      return;
    }
    leadership.end();
    operator.stop();
    leadership.close();
  }
}
