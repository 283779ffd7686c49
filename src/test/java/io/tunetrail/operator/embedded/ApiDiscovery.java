package io.tunetrail.operator.embedded;

import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.APIGroupBuilder;
import io.fabric8.kubernetes.api.model.APIGroupListBuilder;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceBuilder;
import io.fabric8.kubernetes.api.model.APIResourceListBuilder;
import io.fabric8.kubernetes.api.model.APIVersionsBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the API server says of itself: its version, groups and resources, as kubectl asks before it
 * asks anything else.
 */
final class ApiDiscovery {
  private static final Map<String, Object> VERSION =
      Map.of("major", "1", "minor", "34", "gitVersion", "v1.34.0-embedded", "platform", "jvm");

  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

  private final Map<String, String> answers = new HashMap<>();

  /** With these kinds, all of one group and version. */
  ApiDiscovery(List<CustomResourceDefinition> crds) {
    var custom = crds.getFirst().getSpec();
    var version = custom.getVersions().getFirst().getName();
    answers.put("/version", Serialization.asJson(VERSION));
    answers.put("/api", Serialization.asJson(new APIVersionsBuilder().withVersions("v1").build()));
    serve("/api/v1", "v1", core());
    var groups =
        List.of(
            group("apiextensions.k8s.io", "v1", definitions()),
            group("batch", "v1", List.of(resource("jobs", "Job", true))),
            group("coordination.k8s.io", "v1", List.of(resource("leases", "Lease", true))),
            group("events.k8s.io", "v1", List.of(resource("events", "Event", true))),
            group(custom.getGroup(), version, crds.stream().map(ApiDiscovery::resource).toList()));
    answers.put(
        "/apis", Serialization.asJson(new APIGroupListBuilder().withGroups(groups).build()));
  }

  /** The answer to a GET of this path; empty where the path is not discovery's. */
  Optional<String> answer(String path) {
    return Optional.ofNullable(answers.get(path));
  }

  private static APIResource resource(CustomResourceDefinition crd) {
    var names = crd.getSpec().getNames();
    return new APIResourceBuilder(resource(names.getPlural(), names.getKind(), true))
        .withSingularName(names.getSingular())
        .withShortNames(names.getShortNames())
        .build();
  }

  private static List<APIResource> core() {
    return List.of(
        resource("configmaps", "ConfigMap", true),
        resource("events", "Event", true),
        resource("namespaces", "Namespace", false),
        resource("pods", "Pod", true),
        resource("secrets", "Secret", true));
  }

  private static List<APIResource> definitions() {
    return List.of(resource("customresourcedefinitions", "CustomResourceDefinition", false));
  }

  private APIGroup group(String name, String version, List<APIResource> resources) {
    var groupVersion = name + "/" + version;
    serve("/apis/" + groupVersion, groupVersion, resources);
    var group =
        new APIGroupBuilder()
            .withName(name)
            .addNewVersion(groupVersion, version)
            .withNewPreferredVersion(groupVersion, version)
            .build();
    answers.put("/apis/" + name, Serialization.asJson(group));
    return group;
  }

  private void serve(String path, String groupVersion, List<APIResource> resources) {
    var list =
        new APIResourceListBuilder()
            .withGroupVersion(groupVersion)
            .withResources(resources)
            .build();
    answers.put(path, Serialization.asJson(list));
  }

  private static APIResource resource(String plural, String kind, boolean namespaced) {
    return new APIResourceBuilder()
        .withName(plural)
        .withSingularName("")
        .withKind(kind)
        .withNamespaced(namespaced)
        .withVerbs(VERBS)
        .build();
  }
}
