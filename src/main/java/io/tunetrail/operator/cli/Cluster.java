package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.engine.ImageContent;
import io.tunetrail.operator.engine.ImageSource;
import io.tunetrail.operator.lifecycle.Inspection;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.migration.KeptContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A namespace of the cluster that the kubeconfig names, with the rights of whoever runs this. */
record Cluster(KubernetesClient client, String namespace) implements AutoCloseable {
  /** A person waits: the client's own ten tries take minutes. */
  private static final int RETRIES = 2;

  private static final int FORBIDDEN = 403;

  /**
   * Opens it.
   *
   * @param context null: the current one
   * @param namespace null: that of the context
   */
  static Cluster open(@Nullable String context, @Nullable String namespace) throws CommandFailure {
    var config = Config.autoConfigure(context);
    var current = config.getCurrentContext();
    if (context != null && (current == null || !context.equals(current.getName()))) {
      throw new CommandFailure(
          "the kubeconfig has no context %s; see kubectl config get-contexts".formatted(context));
    }
    var patient = new ConfigBuilder(config).withRequestRetryBackoffLimit(RETRIES).build();
    var client = new KubernetesClientBuilder().withConfig(patient).build();
    return new Cluster(
        client,
        Objects.requireNonNullElseGet(
            namespace, () -> Objects.requireNonNullElse(config.getNamespace(), "default")));
  }

  TuneTrailDatabase resource(String name) throws CommandFailure {
    var resource =
        client.resources(TuneTrailDatabase.class).inNamespace(namespace).withName(name).get();
    if (resource == null) {
      throw new CommandFailure(
          "there is no TuneTrailDatabase %s in namespace %s; see kubectl get ttdb --all-namespaces"
              .formatted(name, namespace));
    }
    return resource;
  }

  /** The names of all files in the ConfigMaps. */
  List<String> files(List<LocalReference> configMaps) throws CommandFailure {
    var files = new ArrayList<String>();
    for (var reference : configMaps) {
      var configMap = client.configMaps().inNamespace(namespace).withName(reference.name()).get();
      if (configMap == null) {
        throw new CommandFailure(
            "there is no ConfigMap %s in namespace %s, which the resource names"
                .formatted(reference.name(), namespace));
      }
      files.addAll(
          Objects.requireNonNullElse(configMap.getData(), Map.<String, String>of()).keySet());
    }
    return files;
  }

  /** What the operator keeps of the image's migrations; empty where it has not read them yet. */
  Optional<ImageContent> told(TuneTrailDatabase resource, ImageSource source) {
    var uid = resource.getMetadata().getUid();
    var kept =
        client
            .configMaps()
            .inNamespace(namespace)
            .withLabel(JobLabels.RESOURCE_UID, uid)
            .list()
            .getItems();
    return KeptContent.newest(kept, uid, source).map(Inspection.Known::content);
  }

  /** The image that the operator starts Jobs with. */
  String operatorImage(String operatorNamespace) throws CommandFailure {
    return operators(operatorNamespace).stream()
        .flatMap(it -> it.getSpec().getTemplate().getSpec().getContainers().stream())
        .map(Container::getImage)
        .findFirst()
        .orElseThrow(
            () ->
                new CommandFailure(
                    "there is no operator in namespace %s; say --operator-namespace, or its image by --image"
                        .formatted(operatorNamespace)));
  }

  private List<Deployment> operators(String operatorNamespace) throws CommandFailure {
    try {
      return client
          .apps()
          .deployments()
          .inNamespace(operatorNamespace)
          .withLabel("app.kubernetes.io/name", JobLabels.OPERATOR)
          .list()
          .getItems();
    } catch (KubernetesClientException e) {
      if (e.getCode() != FORBIDDEN) {
        throw e;
      }
      throw new CommandFailure(
          "you may not read the operator's Deployment in namespace %s; say the operator's image by --image"
              .formatted(operatorNamespace));
    }
  }

  /**
   * Sets spec.targetVersion; refused by the API server where the resource changed since it was
   * read.
   */
  void setTarget(TuneTrailDatabase resource, String target) {
    var metadata = resource.getMetadata();
    var patch =
        Map.of(
            "metadata", Map.of("resourceVersion", metadata.getResourceVersion()),
            "spec", Map.of("targetVersion", target));
    client
        .resources(TuneTrailDatabase.class)
        .inNamespace(namespace)
        .withName(metadata.getName())
        .patch(PatchContext.of(PatchType.JSON_MERGE), Serialization.asJson(patch));
  }

  @Override
  public void close() {
    client.close();
  }
}
