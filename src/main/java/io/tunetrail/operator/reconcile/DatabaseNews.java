package io.tunetrail.operator.reconcile;

import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.tunetrail.operator.api.PlanRequestStatus;
import io.tunetrail.operator.api.TuneTrailDatabase;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which changes of a resource are looked at at once: another spec, its deletion and a request for a
 * plan. What else is in its metadata and its status is nobody's wish.
 */
final class DatabaseNews implements OnUpdateFilter<TuneTrailDatabase> {

  @Override
  public boolean accept(TuneTrailDatabase now, TuneTrailDatabase before) {
    return before.getMetadata().getGeneration() == null
        || !Objects.equals(now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
        || now.isMarkedForDeletion() != before.isMarkedForDeletion()
        || !Objects.equals(request(now), request(before));
  }

  private static @Nullable String request(TuneTrailDatabase resource) {
    return PlanRequestStatus.asked(resource.getMetadata().getAnnotations());
  }
}
