package io.tunetrail.operator.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;

/**
 * The defaults of a CRD's schema, which the API server writes into every object that leaves them
 * out.
 */
final class SchemaDefaults {
  private final JsonNode schema;

  SchemaDefaults(CustomResourceDefinition crd) {
    JsonNode json = Serialization.unmarshal(Serialization.asJson(crd), JsonNode.class);
    this.schema = json.at("/spec/versions/0/schema/openAPIV3Schema");
  }

  /** The object with its defaults; the argument itself is not changed. */
  JsonNode applyTo(JsonNode object) {
    var complete = object.deepCopy();
    fill(complete, schema);
    return complete;
  }

  private static void fill(JsonNode value, JsonNode schema) {
    if (value instanceof ObjectNode object) {
      for (var property : schema.path("properties").properties()) {
        var fallback = property.getValue().path("default");
        if (!object.has(property.getKey()) && !fallback.isMissingNode()) {
          object.set(property.getKey(), fallback.deepCopy());
        }
        fill(object.path(property.getKey()), property.getValue());
      }
    } else if (value instanceof ArrayNode list) {
      list.forEach(item -> fill(item, schema.path("items")));
    }
  }
}
