package io.tunetrail.operator.reconcile;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.lifecycle.JobSlots;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.Plan;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Two queues with as many slots each: were there one, looks would wait for the works that wait for
 * them.
 */
final class Admission {
  private final JobQueue works;
  private final JobQueue looks;

  Admission(JobSlots slots, InstantSource clock, Consumer<ResourceID> call) {
    works = new JobQueue(slots, clock, call);
    looks = new JobQueue(slots, clock, call);
  }

  /** The plan, without a Job to start where there is no slot for it yet. */
  Plan admit(TuneTrailDatabase resource, Plan plan, Look look, RunningJobs jobs) {
    return switch (look) {
      case Look.Taken _ -> {
        looks.leave(resource, look, jobs.looks());
        yield works.admit(resource, plan, look, jobs);
      }
      case Look.Due _, Look.UnderWay _ -> {
        works.pass(resource, look, jobs);
        yield looks.admit(resource, plan, look, jobs.looks());
      }
    };
  }
}
