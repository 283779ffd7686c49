package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReview;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.engine.ImageContent;
import io.tunetrail.operator.engine.ImageSource;
import io.tunetrail.operator.lifecycle.Inspection;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.migration.KeptContent;
import io.tunetrail.operator.migration.ObservedJobs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A namespace of the cluster that the kubeconfig names, with the rights of whoever runs this. */
record Cluster(KubernetesClient client, String namespace) implements AutoCloseable {
  /** A person waits: the client's own ten tries take minutes. */
  private static final int RETRIES = 2;

  private static final int CONFLICT = 409;
  private static final int TRIES = 3;

  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  private static final ResourceDefinitionContext DATABASES =
      ResourceDefinitionContext.fromResourceType(TuneTrailDatabase.class);

  /**
   * Opens it.
   *
   * @param kubeconfig null: as for kubectl
   * @param context null: the current one
   * @param namespace null: that of the context
   */
  static Cluster open(
      @Nullable Path kubeconfig, @Nullable String context, @Nullable String namespace)
      throws CommandFailure {
    var config = configuration(kubeconfig, context);
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

  private static Config configuration(@Nullable Path kubeconfig, @Nullable String context)
      throws CommandFailure {
    if (kubeconfig == null) {
      return Config.autoConfigure(context);
    }
    if (!Files.isReadable(kubeconfig)) {
      throw new CommandFailure("there is no file %s that can be read".formatted(kubeconfig));
    }
    return Config.fromKubeconfig(context, kubeconfig.toFile());
  }

  TuneTrailDatabase resource(String name) throws CommandFailure {
    return database(name).resource();
  }

  Database database(String name) throws CommandFailure {
    var found = client.genericKubernetesResources(DATABASES).inNamespace(namespace).withName(name);
    var object = found.get();
    if (object == null) {
      throw new CommandFailure(
          "there is no TuneTrailDatabase %s in namespace %s; see kubectl get ttdb --all-namespaces"
              .formatted(name, namespace));
    }
    return Database.of(Serialization.asJson(object));
  }

  /** All of the namespace, or of all, by their names. */
  List<Database> databases(boolean ofAllNamespaces) {
    var resources = client.genericKubernetesResources(DATABASES);
    var listed =
        ofAllNamespaces
            ? resources.inAnyNamespace().list()
            : resources.inNamespace(namespace).list();
    return listed.getItems().stream()
        .map(it -> Database.of(Serialization.asJson(it)))
        .sorted(Comparator.comparing(Database::namespace).thenComparing(Database::name))
        .toList();
  }

  /** A database's Jobs that the operator made; empty where they may not be read. */
  Optional<List<ObservedJob>> jobs(Database database) {
    var uid = database.resource().getMetadata().getUid();
    try {
      var jobs = client.batch().v1().jobs().inNamespace(namespace);
      var pods = client.pods().inNamespace(namespace);
      return Optional.of(
          ObservedJobs.of(
              uid,
              jobs.withLabel(JobLabels.RESOURCE_UID, uid).list().getItems(),
              pods.withLabel(JobLabels.RESOURCE_UID, uid).list().getItems()));
    } catch (KubernetesClientException e) {
      if (e.getCode() != FORBIDDEN) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Empty where there is none. */
  Optional<ConfigMap> configMap(String name) {
    return Optional.ofNullable(client.configMaps().inNamespace(namespace).withName(name).get());
  }

  /** Who runs this, as the API server knows him. */
  String user() throws CommandFailure {
    try {
      var review =
          client.authentication().v1().selfSubjectReviews().create(new SelfSubjectReview());
      return review.getStatus().getUserInfo().getUsername();
    } catch (KubernetesClientException e) {
      if (e.getCode() != NOT_FOUND) {
        throw e;
      }
      throw new CommandFailure(
          "the API server can't say who you are: that needs Kubernetes 1.28 or newer");
    }
  }

  /** The names of all files in the ConfigMaps. */
  List<String> files(List<LocalReference> configMaps) throws CommandFailure {
    var files = new ArrayList<String>();
    for (var reference : configMaps) {
      var configMap =
          configMap(reference.name())
              .orElseThrow(
                  () ->
                      new CommandFailure(
                          "there is no ConfigMap %s in namespace %s, which the resource names"
                              .formatted(reference.name(), namespace)));
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
    return readableOperators(operatorNamespace).stream()
        .flatMap(it -> it.getSpec().getTemplate().getSpec().getContainers().stream())
        .map(Container::getImage)
        .findFirst()
        .orElseThrow(
            () ->
                new CommandFailure(
                    "there is no operator in namespace %s; say --operator-namespace, or its image by --image"
                        .formatted(operatorNamespace)));
  }

  private List<Deployment> readableOperators(String operatorNamespace) throws CommandFailure {
    try {
      return operators(operatorNamespace);
    } catch (KubernetesClientException e) {
      if (e.getCode() != FORBIDDEN) {
        throw e;
      }
      throw new CommandFailure(
          "you may not read the operator's Deployment in namespace %s; say the operator's image by --image"
              .formatted(operatorNamespace));
    }
  }

  List<Deployment> operators(String operatorNamespace) {
    return client
        .apps()
        .deployments()
        .inNamespace(operatorNamespace)
        .withLabel("app.kubernetes.io/name", JobLabels.OPERATOR)
        .list()
        .getItems();
  }

  /** Reads a resource anew, and fails where what is to be changed of it is another thing now. */
  interface Again {
    TuneTrailDatabase read() throws CommandFailure;
  }

  /** Carries a change of a spec out that nobody else has changed since it was read. */
  void change(TuneTrailDatabase resource, Change change) throws CommandFailure {
    var read = resource.getMetadata();
    change(
        resource,
        change,
        () -> {
          var now = resource(read.getName());
          if (!Objects.equals(now.getMetadata().getGeneration(), read.getGeneration())) {
            throw new CommandFailure(
                "somebody changed %s at the same time; look at it, and try again"
                    .formatted(read.getName()));
          }
          return now;
        });
  }

  /** The same; what the operator notes of a database meanwhile, its size perhaps, is no change. */
  void change(TuneTrailDatabase resource, Change change, Again again) throws CommandFailure {
    var seen = resource;
    for (int tries = 1; ; tries++) {
      try {
        patch(seen, change.toJson(seen.getMetadata().getResourceVersion()));
        return;
      } catch (KubernetesClientException e) {
        if (e.getCode() != CONFLICT || tries == TRIES) {
          throw e;
        }
      }
      seen = again.read();
    }
  }

  /** Sets an annotation, whatever else of the resource changes meanwhile. */
  void annotate(TuneTrailDatabase resource, String annotation, String value) {
    patch(resource, new Change(Map.of(), Map.of(annotation, value)).toJson(null));
  }

  private void patch(TuneTrailDatabase resource, String json) {
    client
        .resources(TuneTrailDatabase.class)
        .inNamespace(namespace)
        .withName(resource.getMetadata().getName())
        .patch(PatchContext.of(PatchType.JSON_MERGE), json);
  }

  @Override
  public void close() {
    client.close();
  }
}
