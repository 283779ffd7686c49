package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Keeping;
import io.tunetrail.operator.migration.KeptPlan;
import io.tunetrail.operator.migration.MigrationJob;
import io.tunetrail.operator.migration.PlanFrame;
import java.util.List;

/** Keeps the SQL of what would run, and only of what is pending now. */
final class PlanKeeper {
  private final JobPods pods;
  private final KeptConfigMaps maps;

  PlanKeeper(KubernetesClient client) {
    this.maps = new KeptConfigMaps(client, KeptPlan::isPlan);
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
        : maps.replaceBy( // the first, which the status names, never names less than the whole
            resource,
            KeptPlan.of(resource, desired.method().toString(), planned.plan(), told.get()));
  }

  /** Deletes every plan of the resource. */
  void forget(TuneTrailDatabase resource) {
    maps.forgetAllBut(List.of(), resource);
  }
}
