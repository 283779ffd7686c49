package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.database.Inspector;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.JobLooks;
import io.tunetrail.operator.lifecycle.JobSlots;
import io.tunetrail.operator.lifecycle.Lifecycle;
import io.tunetrail.operator.lifecycle.Observed;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.Pace;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.migration.ObservedJobs;
import io.tunetrail.operator.notification.Notices;
import io.tunetrail.operator.status.Announcement;
import io.tunetrail.operator.status.StatusFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One reconcile, a straight line: desired → observed → plan → backed up → admitted → carried out →
 * status.
 */
@ControllerConfiguration(
    name = "tunetraildatabase",
    generationAwareEventProcessing = false,
    informer = @Informer(onUpdateFilter = DatabaseNews.class))
@GradualRetry(
    maxAttempts = Integer.MAX_VALUE,
    initialInterval = 1_000,
    intervalMultiplier = 2,
    maxInterval = 60_000)
public final class DatabaseReconciler implements Reconciler<TuneTrailDatabase> {
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Leader leader;
  private final Observer observer;
  private final Admission admission;
  private final Executor executor;
  private final EventPublisher events;
  private final PodRefusals refusals;
  private final Backups backups;
  private final BackupFirst backupFirst;
  private final Rollbacks rollbacks;
  private final Signals signals;
  private final Clock clock;
  private final SimpleInboundEventSource<TuneTrailDatabase> turns =
      new SimpleInboundEventSource<>("turns");

  /**
   * A reconciler.
   *
   * @param bulkhead the one that its threads take their places from
   * @param slots how many Jobs may run at once
   * @param backupSlots how many backups may, besides
   * @param image what Jobs run: the operator's own
   * @param signals told of what is seen and done
   */
  public DatabaseReconciler(
      KubernetesClient client,
      Leader leader,
      Inspector inspector,
      Bulkhead bulkhead,
      JobSlots slots,
      JobSlots backupSlots,
      String image,
      Signals signals,
      Clock clock) {
    this.leader = leader;
    this.observer =
        new Observer(
            new InputReader(client),
            inspector,
            bulkhead,
            new LookLogs(client),
            new ApprovalAdmission(client, ApprovalAdmission.OF_DATABASES, clock),
            signals,
            clock);
    this.admission = new Admission(slots, clock, turns::propagateEvent);
    this.executor = new Executor(client, image);
    this.events = new EventPublisher(client);
    this.refusals = new PodRefusals(client);
    this.backups =
        new Backups(
            new BackupKeeper(client, image),
            new BackupQueue(client, backupSlots, clock),
            new VerificationKeeper(client, image),
            refusals,
            events,
            clock);
    this.backupFirst = new BackupFirst(client);
    this.rollbacks = new Rollbacks(client, clock);
    this.signals = signals;
    this.clock = clock;
  }

  @Override
  public UpdateControl<TuneTrailDatabase> reconcile(
      TuneTrailDatabase resource, Context<TuneTrailDatabase> context) {
    if (resource.isMarkedForDeletion()) {
      return UpdateControl.noUpdate();
    }
    return signals
        .spans()
        .in("reconcile", Traces.of(resource), () -> reconciled(resource, context));
  }

  private UpdateControl<TuneTrailDatabase> reconciled(
      TuneTrailDatabase resource, Context<TuneTrailDatabase> context) {
    var jobs = jobs(resource, context);
    var desired = Desired.from(resource);
    var fleet = context.getPrimaryCache().list().toList();
    var observed = observer.observe(resource, desired, jobs, fleet);
    // a look at a silent database takes long enough for the spec to change, or the leader
    if (!leader.leads() || Freshness.isOutdated(resource, context)) {
      return UpdateControl.<TuneTrailDatabase>noUpdate().rescheduleAfter(SOON);
    }
    var decided = rollbacks.admit(resource, desired, Lifecycle.plan(desired, observed));
    var standing = backups.kept(resource, desired, observed.look(), context);
    var backedUp = backupFirst.admit(resource, desired, observed, decided, standing);
    var admitted = admission.admit(resource, backedUp, observed.look(), RunningJobs.of(context));
    var plan = executor.apply(resource, desired, admitted, jobs);
    var decision =
        StatusFactory.next(
            resource.getStatus(), resource.getMetadata().getGeneration(), desired, observed, plan);
    tell(resource, observed, decision);
    Traces.job(signals.spans(), resource, decision, context.getSecondaryResources(Job.class));
    var status = backups.in(decision, resource, standing);
    Notices.of(resource, status, observed.now()).forEach(signals.notices());
    return patch(resource, status, Pace.of(plan, fleet.size()));
  }

  private void tell(TuneTrailDatabase resource, Observed observed, TuneTrailDatabaseStatus next) {
    signals.metrics().told(resource, next);
    if (signals.looks().isFirst(resource)) {
      ChangeLog.firstSeen(resource, next);
    }
    var job = job(observed, resource.getStatus(), next);
    Announcement.of(resource.getStatus(), next)
        .forEach(announcement -> events.publish(resource, announcement, job, observed.now()));
  }

  /** The Job that works, or that a status is the first to tell of; null where there is none. */
  private static @Nullable String job(
      Observed observed, @Nullable TuneTrailDatabaseStatus before, TuneTrailDatabaseStatus next) {
    var last = next.lastMigration();
    boolean isNews = before == null || !Objects.equals(last, before.lastMigration());
    return observed
        .running()
        .map(ObservedJob::name)
        .orElse(last != null && isNews ? last.job() : null);
  }

  private JobLooks jobs(TuneTrailDatabase resource, Context<TuneTrailDatabase> context) {
    var uid = resource.getMetadata().getUid();
    var jobs = context.getSecondaryResources(Job.class);
    var pods = context.getSecondaryResources(Pod.class);
    return JobLooks.of(
        ObservedJobs.of(uid, jobs, pods, refusals.of(uid, jobs, pods, clock.instant())));
  }

  /**
   * Nothing is written when nothing changed, and nothing over a resource that changed in between.
   */
  private static UpdateControl<TuneTrailDatabase> patch(
      TuneTrailDatabase resource, TuneTrailDatabaseStatus status, Duration lookAgain) {
    if (status.equals(resource.getStatus())) {
      return UpdateControl.<TuneTrailDatabase>noUpdate().rescheduleAfter(lookAgain);
    }
    var patch = new TuneTrailDatabase();
    patch.setMetadata(Freshness.asSeen(resource));
    patch.setStatus(status);
    return UpdateControl.patchStatus(patch).rescheduleAfter(lookAgain);
  }

  @Override
  public List<EventSource<?, TuneTrailDatabase>> prepareEventSources(
      EventSourceContext<TuneTrailDatabase> context) {
    var cache = context.getPrimaryCache();
    signals.metrics().tellOf(() -> leader.leads() ? cache.list().toList() : List.of());
    signals.health().answerFor((namespace, name) -> cache.get(new ResourceID(name, namespace)));
    var sources = new ArrayList<EventSource<?, TuneTrailDatabase>>();
    sources.add(turns);
    sources.add(source(Job.class, ObservedJobs::saysMore, context));
    sources.add(source(Pod.class, ObservedJobs::saysMore, context));
    sources.add(source(CronJob.class, Backups::saysMore, context));
    sources.addAll(ConfigMapWatch.sources(context));
    return sources;
  }

  /** Each event costs a look at the database, so that only those count that tell something. */
  private static <T extends HasMetadata> EventSource<?, TuneTrailDatabase> source(
      Class<T> type, News<T> news, EventSourceContext<TuneTrailDatabase> context) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(type, TuneTrailDatabase.class)
            .withLabelSelector(JobLabels.SELECTOR)
            .withOnAddFilter(it -> news.isIn(null, it))
            .withOnUpdateFilter((now, before) -> news.isIn(before, now))
            .withSecondaryToPrimaryMapper(DatabaseReconciler::owner)
            .withNamespacesInheritedFromController()
            .build(),
        context);
  }

  /** Whether an object says more than before; null: it is new. */
  private interface News<T> {
    boolean isIn(@Nullable T before, T now);
  }

  private static Set<ResourceID> owner(HasMetadata ours) {
    var annotations = ours.getMetadata().getAnnotations();
    var name = annotations == null ? null : annotations.get(JobLabels.RESOURCE_NAME);
    return name == null
        ? Set.of()
        : Set.of(new ResourceID(name, ours.getMetadata().getNamespace()));
  }
}
