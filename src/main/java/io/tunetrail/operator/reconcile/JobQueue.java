package io.tunetrail.operator.reconcile;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.lifecycle.JobSlots;
import io.tunetrail.operator.lifecycle.JobSlots.Claim;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.Plan;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lets so many Jobs start as there are slots, in the order in which resources came to want one. */
final class JobQueue {
  /** Who was called and does not come for so long waits anew. */
  private static final Duration CALLED = Duration.ofSeconds(30);

  /** The cache has a Job long before so much time has passed since it was let start. */
  private static final Duration STARTING = Duration.ofSeconds(10);

  private final JobSlots slots;
  private final InstantSource clock;
  private final Consumer<ResourceID> call;
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();
  private final Map<String, Instant> starting = new HashMap<>();
  private final Map<String, String> servers = new HashMap<>();

  private record Waiting(ResourceID resource, @Nullable Instant called) {}

  /**
   * An empty queue.
   *
   * @param call told of each resource that waits and may start now
   */
  JobQueue(JobSlots slots, InstantSource clock, Consumer<ResourceID> call) {
    this.slots = slots;
    this.clock = clock;
    this.call = call;
  }

  /** The plan, without a Job to start where there is no slot for it yet. */
  synchronized Plan admit(TuneTrailDatabase resource, Plan plan, Look look, RunningJobs jobs) {
    var uid = resource.getMetadata().getUid();
    learn(uid, look);
    forget(jobs);
    if (plan.start() == null) {
      leave(uid);
    }
    var admitted = plan.start() == null ? plan : enter(resource, plan, jobs);
    callOthers(jobs);
    return admitted;
  }

  /** Who wants no slot gives up its place, and the slot of what it started and is over. */
  synchronized void leave(TuneTrailDatabase resource, Look look, RunningJobs jobs) {
    learn(resource.getMetadata().getUid(), look);
    forget(jobs);
    leave(resource.getMetadata().getUid());
    callOthers(jobs);
  }

  /** Who can't say now whether it wants a slot keeps its place. */
  synchronized void pass(TuneTrailDatabase resource, Look look, RunningJobs jobs) {
    learn(resource.getMetadata().getUid(), look);
    forget(jobs);
    callOthers(jobs);
  }

  private void learn(String uid, Look look) {
    if (look instanceof Look.Seen seen) {
      servers.put(uid, seen.facts().server());
    }
  }

  private void leave(String uid) {
    waiting.remove(uid);
    starting.remove(uid);
  }

  private Plan enter(TuneTrailDatabase resource, Plan plan, RunningJobs jobs) {
    var uid = resource.getMetadata().getUid();
    if (starting.containsKey(uid)) {
      return plan;
    }
    waiting.put(uid, new Waiting(ResourceID.fromResource(resource), null)); // keeps its place
    var objection = slots.objection(claim(uid), running(jobs), claims(waiting.keySet()));
    if (objection.isPresent()) {
      return plan.waiting(objection.get());
    }
    waiting.remove(uid);
    starting.put(uid, clock.instant());
    return plan;
  }

  private void callOthers(RunningJobs jobs) {
    if (waiting.isEmpty()) {
      return;
    }
    for (var uid : slots.admitted(running(jobs), claims(waiting.keySet()))) {
      waiting.computeIfPresent(uid, (_, it) -> called(it));
    }
  }

  /** Once: it looks at its database when it comes. */
  private Waiting called(Waiting it) {
    if (it.called() != null) {
      return it;
    }
    call.accept(it.resource());
    return new Waiting(it.resource(), clock.instant());
  }

  /** Of resources that are gone, and of those that did not come when they could. */
  private void forget(RunningJobs jobs) {
    var now = clock.instant();
    starting.values().removeIf(since -> since.plus(STARTING).isBefore(now));
    waiting.values().removeIf(it -> it.called() != null && it.called().plus(CALLED).isBefore(now));
    waiting.entrySet().removeIf(it -> !jobs.isOwner(it.getValue().resource(), it.getKey()));
    if (servers.size() > 2 * jobs.owners().size()) {
      servers.keySet().retainAll(jobs.owners());
    }
  }

  private List<Claim> running(RunningJobs jobs) {
    var running = new LinkedHashMap<String, Claim>();
    jobs.resources().forEach(uid -> running.put(uid, claim(uid)));
    starting.keySet().forEach(uid -> running.put(uid, claim(uid)));
    return new ArrayList<>(running.values());
  }

  private List<Claim> claims(Collection<String> uids) {
    return uids.stream().map(this::claim).toList();
  }

  private Claim claim(String uid) {
    return new Claim(uid, servers.get(uid));
  }
}
