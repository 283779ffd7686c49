package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.tunetrail.operator.api.TuneTrailRestore;
import io.tunetrail.operator.api.TuneTrailRestoreStatus;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.notification.RestoreNotices;
import io.tunetrail.operator.restore.DesiredRestore;
import io.tunetrail.operator.restore.RestoreDecision;
import io.tunetrail.operator.restore.RestorePlan;
import io.tunetrail.operator.status.Announcement;
import io.tunetrail.operator.status.RestoreStatusFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Restores: the same straight line, once. What is done is never looked at again. */
@ControllerConfiguration(name = "tunetrailrestore")
@GradualRetry(
    maxAttempts = Integer.MAX_VALUE,
    initialInterval = 1_000,
    intervalMultiplier = 2,
    maxInterval = 60_000)
public final class RestoreReconciler implements Reconciler<TuneTrailRestore> {
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final String SELECTOR =
      JobLabels.SELECTOR + "," + JobLabels.TASK + "=" + Task.RESTORE;

  private final Leader leader;
  private final RestoreObserver observer;
  private final RestoreStarter starter;
  private final EventPublisher events;
  private final Signals signals;

  /**
   * A reconciler.
   *
   * @param image what Jobs run: the operator's own
   * @param signals told of what is done
   */
  public RestoreReconciler(
      KubernetesClient client, Leader leader, String image, Signals signals, Clock clock) {
    this.leader = leader;
    this.observer = new RestoreObserver(client, clock);
    this.starter = new RestoreStarter(client, image);
    this.events = new EventPublisher(client);
    this.signals = signals;
  }

  @Override
  public UpdateControl<TuneTrailRestore> reconcile(
      TuneTrailRestore restore, Context<TuneTrailRestore> context) {
    if (restore.isMarkedForDeletion() || isOver(restore.getStatus())) {
      return UpdateControl.noUpdate();
    }
    var desired = DesiredRestore.from(restore);
    var seen =
        observer.observe(
            restore,
            desired,
            context.getSecondaryResources(Job.class),
            context.getSecondaryResources(Pod.class));
    if (!leader.leads() || Freshness.isOutdated(restore, context)) {
      return UpdateControl.<TuneTrailRestore>noUpdate().rescheduleAfter(SOON);
    }
    var decided = RestoreDecision.plan(desired, seen.facts());
    var plan = starter.apply(restore, desired, seen, decided);
    var status =
        RestoreStatusFactory.next(
            restore.getStatus(),
            restore.getMetadata().getGeneration(),
            desired,
            seen.facts(),
            plan);
    tell(restore, status, seen.facts().now());
    return patch(restore, status, plan);
  }

  private void tell(TuneTrailRestore restore, TuneTrailRestoreStatus status, Instant now) {
    var before = restore.getStatus();
    Announcement.of(before == null ? null : before.conditions(), status.conditions())
        .forEach(it -> events.publish(restore, it, status.job(), now));
    RestoreNotices.of(restore, status, now).forEach(signals.notices());
  }

  private static boolean isOver(TuneTrailRestoreStatus status) {
    return status != null && status.phase() != null && status.phase().isLast();
  }

  private static UpdateControl<TuneTrailRestore> patch(
      TuneTrailRestore restore, TuneTrailRestoreStatus status, RestorePlan plan) {
    if (status.equals(restore.getStatus())) {
      return UpdateControl.<TuneTrailRestore>noUpdate().rescheduleAfter(plan.lookAgain());
    }
    var patch = new TuneTrailRestore();
    patch.setMetadata(Freshness.asSeen(restore));
    patch.setStatus(status);
    var update = UpdateControl.patchStatus(patch);
    return plan.phase().isLast() ? update : update.rescheduleAfter(plan.lookAgain());
  }

  @Override
  public List<EventSource<?, TuneTrailRestore>> prepareEventSources(
      EventSourceContext<TuneTrailRestore> context) {
    var cache = context.getPrimaryCache();
    signals.metrics().tellOfRestores(() -> leader.leads() ? cache.list().toList() : List.of());
    return List.of(source(Job.class, context), source(Pod.class, context));
  }

  private static <T extends HasMetadata> EventSource<?, TuneTrailRestore> source(
      Class<T> type, EventSourceContext<TuneTrailRestore> context) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(type, TuneTrailRestore.class)
            .withLabelSelector(SELECTOR)
            .withSecondaryToPrimaryMapper(RestoreReconciler::owner)
            .withNamespacesInheritedFromController()
            .build(),
        context);
  }

  private static Set<ResourceID> owner(HasMetadata ours) {
    var annotations = ours.getMetadata().getAnnotations();
    var name = annotations == null ? null : annotations.get(JobLabels.RESTORE);
    return name == null
        ? Set.of()
        : Set.of(new ResourceID(name, ours.getMetadata().getNamespace()));
  }
}
