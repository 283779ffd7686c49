package io.tunetrail.operator.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReview;
import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReviewBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.zjsonpatch.JsonPatch;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * fabric8's mock API server with what it lacks: server-side apply, schema defaults, garbage
 * collection, preconditions of deletes, watches from a resourceVersion, discovery and tables for
 * kubectl.
 *
 * <p>Apply is an approximation: what a field manager no longer names goes, lists are replaced as a
 * whole, and managers never conflict. Schemas, CEL, admission and RBAC are not enforced.
 */
final class ApiDispatcher extends ApiObjects {
  private static final Logger LOG = LoggerFactory.getLogger(ApiDispatcher.class);

  private static final Pattern POD_LOG =
      Pattern.compile("/api/v1/namespaces/[^/]+/pods/([^/]+)/log");

  private static final String SELF_REVIEW = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

  /** A kind of our own, by its CRD. */
  private record CustomKind(String plural, SchemaDefaults defaults, KubectlTable table) {}

  private final String customPath;
  private final List<CustomKind> kinds;
  private final ApiDiscovery discovery;
  private final FieldManagers managers = new FieldManagers();
  private final List<ApiRequest> writes = new CopyOnWriteArrayList<>();
  private final List<Function<ApiRequest, Optional<ApiStatus>>> refusals =
      new CopyOnWriteArrayList<>();
  private volatile Function<String, Optional<String>> logs = pod -> Optional.empty();

  /** Knows these kinds, all of one group and version. */
  ApiDispatcher(List<CustomResourceDefinition> crds) {
    var first = crds.getFirst().getSpec();
    this.customPath = "/apis/" + first.getGroup() + "/" + first.getVersions().getFirst().getName();
    this.kinds =
        crds.stream()
            .map(
                crd ->
                    new CustomKind(
                        crd.getSpec().getNames().getPlural(),
                        new SchemaDefaults(crd),
                        KubectlTable.of(crd)))
            .toList();
    this.discovery = new ApiDiscovery(crds);
  }

  /** From now on these are the pods' logs, by the pods' names. */
  void serveLogs(Function<String, Optional<String>> podLogs) {
    logs = podLogs;
  }

  /** All requests so far that asked to change something. */
  List<ApiRequest> writes() {
    return List.copyOf(writes);
  }

  /** Asked before each request; the answer, where there is one, is sent instead. */
  List<Function<ApiRequest, Optional<ApiStatus>>> refusals() {
    return refusals;
  }

  @Override
  public synchronized MockResponse dispatch(RecordedRequest recorded) {
    try {
      var request = ApiRequest.of(recorded);
      if (request.writes()) {
        writes.add(request);
      }
      var refusal = refusals.stream().map(r -> r.apply(request)).flatMap(Optional::stream);
      return refusal
          .findFirst()
          .map(ApiStatus::response)
          .orElseGet(() -> explained(request, serve(request, recorded.getPath())));
    } catch (RuntimeException e) {
      LOG.warn("the API stand-in failed at {} {}", recorded.method(), recorded.getPath(), e);
      return new ApiStatus(500, "InternalError", String.valueOf(e.getMessage())).response();
    }
  }

  private MockResponse serve(ApiRequest request, String pathAndQuery) {
    return switch (request.method()) {
      case GET -> read(request, pathAndQuery);
      case POST ->
          request.path().equals(SELF_REVIEW)
              ? new MockResponse().setResponseCode(201).setBody(Serialization.asJson(self(request)))
              : create(request, request.path(), json(request.body()));
      case PUT -> update(request, json(request.body()));
      case PATCH -> patch(request);
      case DELETE -> delete(request, pathAndQuery);
      default -> new ApiStatus(405, "MethodNotAllowed", "unknown: " + request.method()).response();
    };
  }

  /** Whoever asks is known by the token that he shows. */
  private static SelfSubjectReview self(ApiRequest request) {
    return new SelfSubjectReviewBuilder()
        .withNewStatus()
        .withNewUserInfo()
        .withUsername(request.bearer())
        .endUserInfo()
        .endStatus()
        .build();
  }

  private MockResponse read(ApiRequest request, String pathAndQuery) {
    var known = discovery.answer(request.path());
    if (known.isPresent()) {
      return new MockResponse().setResponseCode(200).setBody(known.get());
    }
    var pod = POD_LOG.matcher(request.path());
    if (pod.matches()) {
      return logs.apply(pod.group(1))
          .map(log -> new MockResponse().setResponseCode(200).setBody(log))
          .orElseGet(() -> ApiStatus.notFound(request.path()).response());
    }
    if (request.parameter("watch").equals("true")) {
      return watch(pathAndQuery, request.agent());
    }
    var response = handleGet(notAWatch(pathAndQuery));
    var kind = request.accept().contains("as=Table") ? kind(request) : Optional.<CustomKind>empty();
    if (kind.isEmpty() || response.code() != 200) {
      return response;
    }
    return response.setBody(Serialization.asJson(kind.get().table().toTable(body(response))));
  }

  /**
   * The mock takes a selector that ends in {@code watch=true} for a watch; {@code ==} means the
   * same and is not.
   */
  private static String notAWatch(String pathAndQuery) {
    return pathAndQuery.replaceAll("watch(=|%3D)true", "watch==true");
  }

  private MockResponse create(ApiRequest request, String path, JsonNode object) {
    var body = complete(request, object).toString();
    var response = handleCreate(ApiRequest.json(HttpMethod.POST, path, body));
    collectGarbage();
    return response;
  }

  private MockResponse update(ApiRequest request, JsonNode object) {
    var changed = outdated(request.objectPath(), object.path("metadata"));
    if (changed.isPresent()) {
      return changed.get().response();
    }
    var body = complete(request, object).toString();
    var response = handleUpdate(ApiRequest.json(HttpMethod.PUT, request.path(), body));
    collectGarbage();
    return response;
  }

  private MockResponse patch(ApiRequest request) {
    if (request.contentType().startsWith("application/apply-patch+yaml")) {
      return apply(request);
    }
    var found = handleGet(request.objectPath());
    if (found.code() != 200) {
      return found;
    }
    return update(
        request,
        request.contentType().startsWith("application/json-patch+json")
            ? JsonPatch.apply(json(request.body()), body(found))
            : ObjectPatch.merge(body(found), json(request.body())));
  }

  private MockResponse apply(ApiRequest request) {
    JsonNode wanted = Serialization.unmarshal(request.body(), JsonNode.class);
    var found = handleGet(request.objectPath());
    boolean exists = found.code() == 200;
    if (!exists && request.isStatus()) {
      return found;
    }
    if (!exists && wanted.at("/metadata").has("uid")) {
      return ApiStatus.conflict("UID given, and no such object").response();
    }
    var response =
        exists
            ? update(
                request,
                ObjectPatch.merge(body(found), managers.patch(uid(found), request, wanted)))
            : create(request, request.path().replaceFirst("/[^/]*$", ""), wanted);
    if (response.code() < 300) {
      managers.applied(uid(response), request, wanted);
    }
    return response;
  }

  private MockResponse delete(ApiRequest request, String pathAndQuery) {
    var options = request.body().isBlank() ? MissingNode.getInstance() : json(request.body());
    var changed = outdated(request.path(), options.path("preconditions"));
    if (changed.isPresent()) {
      return changed.get().response();
    }
    var response = handleDelete(pathAndQuery);
    if (request.path().matches("/api/v1/namespaces/[^/]+")) {
      deleteNamespaced(request.path().substring("/api/v1/namespaces/".length()));
    }
    collectGarbage();
    return response;
  }

  /**
   * The conflict where an object has another UID or resourceVersion than expected; none expected is
   * none missed.
   */
  private Optional<ApiStatus> outdated(String path, JsonNode expected) {
    var found = handleGet(path);
    var actual = found.code() == 200 ? body(found).path("metadata") : MissingNode.getInstance();
    return Stream.of("uid", "resourceVersion")
        .filter(field -> actual.has(field) && !expected.path(field).asText("").isEmpty())
        .filter(field -> !expected.path(field).asText().equals(actual.path(field).asText()))
        .map(field -> ApiStatus.conflict(path + " has changed: its " + field + " is another"))
        .findFirst();
  }

  private JsonNode complete(ApiRequest request, JsonNode object) {
    if (request.path().matches("/api/v1/namespaces/[^/]+/secrets(/.*)?")) {
      return SecretContent.folded(object);
    }
    return request.isStatus()
        ? object
        : kind(request).map(it -> it.defaults().applyTo(object)).orElse(object);
  }

  private Optional<CustomKind> kind(ApiRequest request) {
    return request.path().startsWith(customPath + "/")
        ? kinds.stream()
            .filter(it -> List.of(request.path().split("/", -1)).contains(it.plural()))
            .findFirst()
        : Optional.empty();
  }

  /** The mock answers some refusals without a body and all conflicts with the reason Invalid. */
  private static MockResponse explained(ApiRequest request, MockResponse response) {
    return switch (response.code()) {
      case 404 -> ApiStatus.notFound(request.path()).response();
      case 409 ->
          request.method() == HttpMethod.POST
              ? ApiStatus.alreadyExists(request.path()).response()
              : ApiStatus.conflict(body(response).path("message").asText()).response();
      default -> response;
    };
  }

  private static String uid(MockResponse response) {
    return body(response).at("/metadata/uid").asText();
  }

  private static JsonNode body(MockResponse response) {
    return json(new String(response.getBody().getBytes(), StandardCharsets.UTF_8));
  }
}
