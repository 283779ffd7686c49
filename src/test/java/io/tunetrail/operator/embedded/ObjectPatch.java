package io.tunetrail.operator.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How patches change an object; lists are replaced as a whole. None of it changes its arguments.
 */
final class ObjectPatch {
  private ObjectPatch() {}

  /** RFC 7386: what is null in the patch goes, objects merge, the rest is replaced. */
  static JsonNode merge(JsonNode current, JsonNode patch) {
    if (!(patch instanceof ObjectNode changes)) {
      return patch;
    }
    var merged = current instanceof ObjectNode object ? object.deepCopy() : changes.objectNode();
    for (var change : changes.properties()) {
      if (change.getValue().isNull()) {
        merged.remove(change.getKey());
      } else {
        var before = merged.path(change.getKey());
        merged.set(change.getKey(), merge(before, change.getValue()));
      }
    }
    return merged;
  }

  /**
   * The merge patch by which an applier that last applied {@code before} now applies {@code after}:
   * what it no longer names goes.
   */
  static JsonNode applied(JsonNode before, JsonNode after) {
    if (!(before instanceof ObjectNode old) || !(after instanceof ObjectNode wanted)) {
      return after;
    }
    var patch = wanted.objectNode();
    for (var property : wanted.properties()) {
      patch.set(property.getKey(), applied(old.path(property.getKey()), property.getValue()));
    }
    for (var property : old.properties()) {
      if (!wanted.has(property.getKey())) {
        patch.set(property.getKey(), NullNode.getInstance());
      }
    }
    return patch;
  }
}
