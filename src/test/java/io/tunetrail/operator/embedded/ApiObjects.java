package io.tunetrail.operator.embedded;

import static io.fabric8.kubernetes.client.server.mock.KubernetesAttributesExtractor.API;
import static io.fabric8.kubernetes.client.server.mock.KubernetesAttributesExtractor.NAME;
import static io.fabric8.kubernetes.client.server.mock.KubernetesAttributesExtractor.NAMESPACE;
import static io.fabric8.kubernetes.client.server.mock.KubernetesAttributesExtractor.PLURAL;
import static io.fabric8.kubernetes.client.server.mock.KubernetesAttributesExtractor.VERSION;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.crud.AttributeSet;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.MockResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The mock's objects, with watches from a resourceVersion and garbage collection by owner
 * references.
 */
class ApiObjects extends KubernetesCrudDispatcher {
  private final WatchLog watches = new WatchLog();
  private final Owners owners = new Owners();

  @Override
  public MockResponse handleWatch(String path) {
    return watch(path, "");
  }

  /** Its open watches miss what changes until the returned is closed. */
  final EmbeddedApi.Refusal loseEventsOf(String agent) {
    return watches.loseEventsOf(agent);
  }

  final MockResponse watch(String path, String agent) {
    var request = ApiRequest.of(ApiRequest.json(HttpMethod.GET, path, ""));
    var since = request.parameter("resourceVersion");
    return new MockResponse()
        .withWebSocketUpgrade(
            watches.watch(
                attributeExtractor.fromPath(path),
                since.isEmpty() ? 0 : Long.parseLong(since),
                () -> Map.copyOf(map),
                agent));
  }

  final void deleteNamespaced(String namespace) {
    List.copyOf(map.keySet()).stream()
        .filter(key -> namespace.equals(attribute(key, NAMESPACE)))
        .forEach(key -> handleDelete(path(key)));
  }

  /** An object with a finalizer stays an orphan, so each is asked to go once. */
  final void collectGarbage() {
    var asked = new HashSet<AttributeSet>();
    var orphans = owners.orphans();
    while (orphans.stream().anyMatch(key -> !asked.contains(key))) {
      orphans.stream().filter(asked::add).forEach(key -> handleDelete(path(key)));
      orphans = owners.orphans();
    }
  }

  @Override
  public void processEvent(
      String path,
      AttributeSet pathAttributes,
      @Nullable AttributeSet oldAttributes,
      @Nullable GenericKubernetesResource resource,
      @Nullable String newState) {
    var before = oldAttributes == null ? null : map.get(oldAttributes);
    if (before != null && newState != null && version(before) == version(newState)) {
      return;
    }
    if (oldAttributes != null && before != null && newState == null) {
      // The API server gives a deletion a resourceVersion of its own; the mock does not.
      before = withVersion(before, requestResourceVersion());
      map.put(oldAttributes, before);
    }
    super.processEvent(path, pathAttributes, oldAttributes, resource, newState);
    WatchLog.State was = state(oldAttributes, before);
    WatchLog.State is =
        newState == null ? null : state(attributes(pathAttributes, newState), newState);
    if (was != null) {
      owners.removed(was.attributes(), json(was.json()));
    }
    if (is != null) {
      owners.stored(is.attributes(), json(is.json()));
    }
    var last = is == null ? was : is;
    if (last != null) {
      watches.add(version(last.json()), was, is);
    }
  }

  private static WatchLog.@Nullable State state(
      @Nullable AttributeSet attributes, @Nullable String json) {
    return attributes == null || json == null ? null : new WatchLog.State(attributes, json);
  }

  private AttributeSet attributes(AttributeSet pathAttributes, String json) {
    var attributes = attributeExtractor.fromResource(json);
    return attributes.containsKey(PLURAL)
        ? attributes
        : AttributeSet.merge(pathAttributes, attributes);
  }

  private static String path(AttributeSet key) {
    var group = attribute(key, API);
    var namespace = attribute(key, NAMESPACE);
    return (group == null ? "/api/" : "/apis/" + group + "/")
        + attribute(key, VERSION)
        + (namespace == null ? "" : "/namespaces/" + namespace)
        + "/"
        + attribute(key, PLURAL)
        + "/"
        + attribute(key, NAME);
  }

  private static @Nullable String attribute(AttributeSet key, String name) {
    return key.containsKey(name)
        ? key.getAttribute(name).getValues().iterator().next().toString()
        : null;
  }

  private static long version(String json) {
    return json(json).at("/metadata/resourceVersion").asLong();
  }

  private static String withVersion(String json, long version) {
    var object = json(json);
    ((ObjectNode) object.path("metadata")).put("resourceVersion", String.valueOf(version));
    return object.toString();
  }

  static JsonNode json(String text) {
    return Serialization.unmarshal(text, JsonNode.class);
  }
}
