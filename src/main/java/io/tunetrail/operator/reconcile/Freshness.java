package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;

/** Nothing is decided on, or written over, a resource that changed in between. */
final class Freshness {
  private Freshness() {}

  /** Whether its spec is another one by now, or it is gone. */
  static <P extends HasMetadata> boolean isOutdated(P resource, Context<P> context) {
    return context
        .getPrimaryCache()
        .get(ResourceID.fromResource(resource))
        .map(it -> it.getMetadata().getGeneration())
        .filter(resource.getMetadata().getGeneration()::equals)
        .isEmpty();
  }

  /** Metadata for a patch that is refused unless the resource is as it was seen. */
  static ObjectMeta asSeen(HasMetadata resource) {
    return new ObjectMetaBuilder()
        .withNamespace(resource.getMetadata().getNamespace())
        .withName(resource.getMetadata().getName())
        .withUid(resource.getMetadata().getUid())
        .withResourceVersion(resource.getMetadata().getResourceVersion())
        .build();
  }
}
