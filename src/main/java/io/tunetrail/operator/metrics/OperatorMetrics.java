package io.tunetrail.operator.metrics;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tunetrail.operator.api.LastMigration;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.api.TuneTrailRestore;
import io.tunetrail.operator.lifecycle.DatabaseFacts;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.metrics.DatabaseGauge.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All that is measured, and the page that Prometheus reads; safe for use by many threads. */
public final class OperatorMetrics implements AutoCloseable {
  /** What this page's text is, as Prometheus has it. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /**
   * Prometheus wants one set of labels, and the operator SDK names an action for some events only.
   */
  private static final MeterFilter ACTIONS =
      new MeterFilter() {
        @Override
        public Meter.Id map(Meter.Id id) {
          return id.getName().equals("events.received") && id.getTag("action") == null
              ? id.withTag(Tag.of("action", "none"))
              : id;
        }
      };

  private static final Duration[] LOOKS = {
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5)
  };

  private static final Duration[] MIGRATIONS = {
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(15),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5),
    Duration.ofMinutes(15),
    Duration.ofHours(1),
    Duration.ofHours(4)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final IdentityHashMap<MultiGauge, DatabaseGauge> gauges = new IdentityHashMap<>();
  private final IdentityHashMap<MultiGauge, RestoreGauge> restoreGauges = new IdentityHashMap<>();
  private final Map<String, DatabaseFacts> seen = new ConcurrentHashMap<>();
  private final Map<String, Set<Meter>> counters = new ConcurrentHashMap<>();
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private volatile Supplier<Collection<TuneTrailDatabase>> resources = List::of;
  private volatile Supplier<Collection<TuneTrailRestore>> restores = List::of;

  /**
   * Begins to measure the process.
   *
   * @param leads whether this operator is the one that works
   */
  public OperatorMetrics(BooleanSupplier leads) {
    registry.config().meterFilter(ACTIONS);
    DatabaseGauge.ALL.forEach(it -> gauges.put(gauge(it.metric(), it.help()), it));
    RestoreGauge.ALL.forEach(it -> restoreGauges.put(gauge(it.metric(), it.help()), it));
    Gauge.builder("tunetrail.operator.leading", () -> leads.getAsBoolean() ? 1 : 0)
        .description("Whether this operator works, and does not wait for another to end.")
        .register(registry);
    // from 0 on, or the first to be dropped were no increase
    Stream.of("delivered", "dropped").forEach(this::notifications);
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  private MultiGauge gauge(String metric, String help) {
    return MultiGauge.builder(metric).description(help).register(registry);
  }

  /** What the operator SDK measures, without a series for each resource. */
  public Metrics ofTheOperatorSdk() {
    return MicrometerMetricsV2.newBuilder(registry).build();
  }

  /**
   * Whose resources are told of.
   *
   * @param all those in the cache while this operator leads, and none while another does
   */
  public void tellOf(Supplier<Collection<TuneTrailDatabase>> all) {
    resources = all;
  }

  /**
   * Whose restores are told of.
   *
   * @param all those in the cache while this operator leads, and none while another does
   */
  public void tellOfRestores(Supplier<Collection<TuneTrailRestore>> all) {
    restores = all;
  }

  /** Takes a look, and measures it. */
  public Look timed(Supplier<Look> look) {
    var started = Timer.start(registry);
    String outcome = "failed";
    try {
      var taken = look.get();
      outcome = taken instanceof Look.Seen ? "seen" : "unseen";
      return taken;
    } finally {
      started.stop(
          Timer.builder("tunetrail.look.duration")
              .description("How long a look at a database took.")
              .tag("outcome", outcome)
              .serviceLevelObjectives(LOOKS)
              .register(registry));
    }
  }

  /** What a look found, or why it found nothing. */
  public void looked(TuneTrailDatabase resource, Look look) {
    var uid = resource.getMetadata().getUid();
    switch (look) {
      case Look.Seen it -> seen.put(uid, it.facts());
      case Look.Unseen unseen -> {
        seen.remove(uid);
        count(
            resource,
            "tunetrail.look.failures",
            "Looks that could not be taken, by reason.",
            Tags.of("reason", unseen.reason().toString()));
      }
      case Look.Due _, Look.UnderWay _ -> {}
    }
  }

  /** Counts a work that the next status tells of and the one before did not. */
  public void told(TuneTrailDatabase resource, TuneTrailDatabaseStatus next) {
    var before = resource.getStatus() == null ? null : resource.getStatus().lastMigration();
    var last = next.lastMigration();
    if (last == null || last.finished() == null || isSame(before, last)) {
      return;
    }
    var tags = Tags.of("task", String.valueOf(last.task()), "outcome", last.outcome());
    count(resource, "tunetrail.migrations", "Works on the schema that ended.", tags);
    if (last.started() != null) {
      Timer.builder("tunetrail.migration.duration")
          .description("How long works on the schema took, by task and outcome.")
          .tags(tags)
          .serviceLevelObjectives(MIGRATIONS)
          .register(registry)
          .record(Duration.between(Instant.parse(last.started()), Instant.parse(last.finished())));
    }
  }

  /**
   * Counts a notification.
   *
   * @param outcome delivered or dropped
   */
  public void notified(String outcome) {
    notifications(outcome).increment();
  }

  private Counter notifications(String outcome) {
    return Counter.builder("tunetrail.notifications")
        .description("Notifications for the webhook, by what became of them.")
        .tag("outcome", outcome)
        .register(registry);
  }

  private static boolean isSame(@Nullable LastMigration before, LastMigration last) {
    return before != null
        && before.job().equals(last.job())
        && before.outcome().equals(last.outcome());
  }

  private void count(TuneTrailDatabase resource, String name, String help, Tags tags) {
    var counter =
        Counter.builder(name).description(help).tags(whose(resource).and(tags)).register(registry);
    counter.increment();
    counters
        .computeIfAbsent(resource.getMetadata().getUid(), _ -> ConcurrentHashMap.newKeySet())
        .add(counter);
  }

  private static Tags whose(HasMetadata resource) {
    return Tags.of(
        "namespace", resource.getMetadata().getNamespace(),
        "name", resource.getMetadata().getName());
  }

  /** The page, as of now. */
  public synchronized String page() {
    var all = resources.get();
    forgetAllBut(all);
    gauges.forEach((rows, gauge) -> rows.register(rows(gauge, all), true));
    var asked = restores.get();
    restoreGauges.forEach((rows, gauge) -> rows.register(rows(gauge, asked), true));
    return registry.scrape();
  }

  private List<Row<?>> rows(DatabaseGauge gauge, Collection<TuneTrailDatabase> all) {
    return all.stream()
        .<Row<?>>flatMap(
            resource ->
                gauge
                    .of(new Subject(resource, seen.get(resource.getMetadata().getUid())))
                    .map(it -> Row.of(whose(resource).and(it.tags()), it.value())))
        .toList();
  }

  private static List<Row<?>> rows(RestoreGauge gauge, Collection<TuneTrailRestore> all) {
    return all.stream()
        .<Row<?>>flatMap(
            restore ->
                gauge
                    .of(restore)
                    .map(
                        it ->
                            Row.of(
                                whose(restore)
                                    .and("database", restore.getSpec().databaseRef().name())
                                    .and(it.tags()),
                                it.value())))
        .toList();
  }

  private void forgetAllBut(Collection<TuneTrailDatabase> all) {
    var there = all.stream().map(it -> it.getMetadata().getUid()).collect(Collectors.toSet());
    seen.keySet().retainAll(there);
    counters.forEach(
        (uid, own) -> {
          if (!there.contains(uid)) {
            own.forEach(registry::remove);
          }
        });
    counters.keySet().retainAll(there);
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
