package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Keeping;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.migration.KeptContent;
import io.tunetrail.operator.migration.KeptPlan;
import io.tunetrail.operator.migration.MigrationJob;
import io.tunetrail.operator.migration.PlanFrame;
import io.tunetrail.operator.reconcile.ContentKeeper.Kept;
import java.util.List;

/** Keeps the SQL of what would run, and only of what is pending now. */
final class PlanKeeper {
  private final KubernetesClient client;
  private final JobPods pods;

  PlanKeeper(KubernetesClient client) {
    this.client = client;
    this.pods = new JobPods(client);
  }

  /** Reads the log of an ended plan Job and writes the ConfigMaps. */
  Kept keep(TuneTrailDatabase resource, Desired desired, Keeping.Planned planned) {
    var told =
        pods.of(resource.getMetadata().getNamespace(), planned.job())
            .flatMap(it -> pods.log(it, MigrationJob.containerOfPlan(desired)).stream())
            .flatMap(it -> PlanFrame.parse(it).stream())
            .findFirst();
    return told.isEmpty()
        ? new Kept.NotTold()
        : write(
            resource,
            KeptPlan.of(resource, desired.method().toString(), planned.plan(), told.get()));
  }

  /** Deletes every plan of the resource. */
  void forget(TuneTrailDatabase resource) {
    forgetOthers(resource, List.of());
  }

  /** The first, which the status names, comes last, so that it never names less than the whole. */
  private Kept write(TuneTrailDatabase resource, List<ConfigMap> kept) {
    for (var part : kept.reversed()) {
      var there = client.resource(part).get();
      if (there != null && !KeptContent.ownedBy(there, resource.getMetadata().getUid())) {
        return new Kept.NameTaken(part.getMetadata().getName());
      }
      if (there != null) {
        client.resource(there).delete();
      }
      client.resource(part).create();
    }
    forgetOthers(resource, kept.stream().map(it -> it.getMetadata().getName()).toList());
    return new Kept.Done();
  }

  private void forgetOthers(TuneTrailDatabase resource, List<String> names) {
    client
        .configMaps()
        .inNamespace(resource.getMetadata().getNamespace())
        .withLabel(JobLabels.RESOURCE_UID, resource.getMetadata().getUid())
        .list()
        .getItems()
        .stream()
        .filter(KeptPlan::isPlan)
        .filter(it -> KeptContent.ownedBy(it, resource.getMetadata().getUid()))
        .filter(it -> !names.contains(it.getMetadata().getName()))
        .forEach(it -> client.resource(it).delete());
  }
}
