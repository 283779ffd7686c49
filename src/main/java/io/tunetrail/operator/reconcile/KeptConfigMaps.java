package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.migration.KeptContent;
import java.util.List;
import java.util.function.Predicate;

/**
 * The ConfigMaps of one kind that a resource owns; those of others are never touched.
 *
 * @param kind whether one of a resource's ConfigMaps is of this kind
 */
record KeptConfigMaps(KubernetesClient client, Predicate<ConfigMap> kind) {

  /** Writes these, the last one first, and deletes all others of the kind. */
  Kept replaceBy(TuneTrailDatabase resource, List<ConfigMap> kept) {
    for (var map : kept.reversed()) {
      var there = client.resource(map).get();
      if (there != null && !isOwn(resource, there)) {
        return new Kept.NameTaken(map.getMetadata().getName());
      }
      if (there != null) {
        client.resource(there).delete(); // nobody can edit one
      }
      client.resource(map).create();
    }
    forgetAllBut(kept.stream().map(it -> it.getMetadata().getName()).toList(), resource);
    return new Kept.Done();
  }

  void forgetAllBut(List<String> names, TuneTrailDatabase resource) {
    client
        .configMaps()
        .inNamespace(resource.getMetadata().getNamespace())
        .withLabel(JobLabels.RESOURCE_UID, resource.getMetadata().getUid())
        .list()
        .getItems()
        .stream()
        .filter(kind)
        .filter(it -> isOwn(resource, it))
        .filter(it -> !names.contains(it.getMetadata().getName()))
        .forEach(it -> client.resource(it).delete());
  }

  private static boolean isOwn(TuneTrailDatabase resource, ConfigMap map) {
    return KeptContent.ownedBy(map, resource.getMetadata().getUid());
  }
}
