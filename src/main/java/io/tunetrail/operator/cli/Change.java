package io.tunetrail.operator.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command changes of a resource, as a JSON merge patch: null takes a field away.
 *
 * @param annotations none: they stay as they are
 */
record Change(Map<String, @Nullable Object> spec, Map<String, @Nullable Object> annotations) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  static Change ofSpec(Map<String, @Nullable Object> spec) {
    return new Change(spec, Map.of());
  }

  /**
   * The patch.
   *
   * @param resourceVersion the only one of the resource that it holds for; null: for any
   */
  String toJson(@Nullable String resourceVersion) {
    var metadata = new HashMap<String, Object>();
    if (resourceVersion != null) {
      metadata.put("resourceVersion", resourceVersion);
    }
    if (!annotations.isEmpty()) {
      metadata.put("annotations", annotations);
    }
    var patch = new HashMap<String, Object>();
    patch.put("metadata", metadata);
    if (!spec.isEmpty()) {
      patch.put("spec", spec);
    }
    try {
      return JSON.writeValueAsString(patch);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of texts are always JSON", e);
    }
  }
}
