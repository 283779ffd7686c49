package io.tunetrail.operator.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.HashMap;
import java.util.Map;

/** What each field manager applied last to each object: what it no longer names has to go. */
final class FieldManagers {
  private record Application(String uid, String path, String manager) {}

  private final Map<Application, JsonNode> last = new HashMap<>();

  /** The merge patch that this application means to the object with this UID. */
  JsonNode patch(String uid, ApiRequest request, JsonNode wanted) {
    var before = last.getOrDefault(key(uid, request), MissingNode.getInstance());
    return ObjectPatch.applied(before, wanted);
  }

  void applied(String uid, ApiRequest request, JsonNode wanted) {
    last.put(key(uid, request), wanted);
  }

  private static Application key(String uid, ApiRequest request) {
    return new Application(uid, request.path(), request.parameter("fieldManager"));
  }
}
