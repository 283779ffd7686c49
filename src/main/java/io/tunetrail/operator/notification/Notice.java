package io.tunetrail.operator.notification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.CustomResource;
import io.tunetrail.operator.engine.Digest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, as a CloudEvent.
 *
 * @param id the same for the same thing, however often it is told of
 * @param type one of those in {@link Notices} and {@link RestoreNotices}
 * @param source the resource's path in the API
 * @param subject NAMESPACE/NAME
 * @param data texts and numbers, none of them null
 */
public record Notice(
    String id, String type, String source, String subject, Instant time, Map<String, Object> data) {

  /** Of {@link #json}. */
  public static final String CONTENT_TYPE = "application/cloudevents+json; charset=utf-8";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * About a resource.
   *
   * @param key what this one differs by from others of its type about the same resource
   */
  static Notice of(
      CustomResource<?, ?> resource,
      String type,
      List<String> key,
      Instant time,
      Map<String, Object> data) {
    var metadata = resource.getMetadata();
    var parts = new ArrayList<String>(List.of(metadata.getUid(), type));
    parts.addAll(key);
    return new Notice(
        Digest.of(parts.toArray(String[]::new)).replace("sha256:", ""),
        type,
        "/apis/%s/namespaces/%s/%s/%s"
            .formatted(
                resource.getApiVersion(),
                metadata.getNamespace(),
                resource.getPlural(),
                metadata.getName()),
        metadata.getNamespace() + "/" + metadata.getName(),
        time,
        data);
  }

  /** Adds to the data what is known. */
  static void put(Map<String, Object> data, String name, @Nullable Object value) {
    if (value != null) {
      data.put(name, value);
    }
  }

  /** In the structured mode of CloudEvents 1.0. */
  public String json() {
    var event = new LinkedHashMap<String, Object>();
    event.put("specversion", "1.0");
    event.put("id", id);
    event.put("type", type);
    event.put("source", source);
    event.put("subject", subject);
    event.put("time", time.toString());
    event.put("datacontenttype", "application/json");
    event.put("data", data);
    try {
      return JSON.writeValueAsString(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and numbers can always be written", e);
    }
  }
}
