package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.migration.ScriptSources;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Notices changes of users' labelled ConfigMaps. Of each only its name is kept: the scripts, up to
 * 1 MiB, are read anew when they are needed.
 */
final class ConfigMapWatch {
  /** So many are in memory as a whole while the first list comes in. */
  private static final long LISTED_AT_ONCE = 50;

  private ConfigMapWatch() {}

  /**
   * One for each watched namespace, because informers that share a store empty it for each other.
   */
  static List<? extends EventSource<?, TuneTrailDatabase>> sources(
      EventSourceContext<TuneTrailDatabase> context) {
    return context.getControllerConfiguration().getEffectiveNamespaces().stream()
        .map(namespace -> source(namespace, context))
        .toList();
  }

  private static InformerEventSource<ConfigMap, TuneTrailDatabase> source(
      String namespace, EventSourceContext<TuneTrailDatabase> context) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(ConfigMap.class, TuneTrailDatabase.class)
            .withName("configmaps-" + namespace)
            .withLabelSelector(JobLabels.WATCH + "=true")
            .withNamespaces(Set.of(namespace))
            .withSecondaryToPrimaryMapper(configMap -> users(configMap, context))
            .withItemStore(new TransformingItemStore<>(ConfigMapWatch::nameOnly))
            .withInformerListLimit(LISTED_AT_ONCE)
            .build(),
        context);
  }

  private static ConfigMap nameOnly(ConfigMap configMap) {
    var metadata = configMap.getMetadata();
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(metadata.getName())
        .withNamespace(metadata.getNamespace())
        .withUid(metadata.getUid())
        .endMetadata()
        .build();
  }

  private static Set<ResourceID> users(
      ConfigMap configMap, EventSourceContext<TuneTrailDatabase> context) {
    var reference = new LocalReference(configMap.getMetadata().getName());
    return context
        .getPrimaryCache()
        .list(configMap.getMetadata().getNamespace())
        .filter(it -> ScriptSources.all(it).contains(reference))
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }
}
