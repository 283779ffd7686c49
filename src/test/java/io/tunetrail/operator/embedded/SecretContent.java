package io.tunetrail.operator.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The API server folds a Secret's stringData into its data; the mock leaves it. */
final class SecretContent {
  private SecretContent() {}

  /** The Secret as the API server stores it; the argument itself is not changed. */
  static JsonNode folded(JsonNode secret) {
    var text = secret.path("stringData");
    ObjectNode folded = secret.deepCopy();
    if (text.isObject()) {
      folded.remove("stringData");
      var data = folded.withObjectProperty("data");
      for (var entry : text.properties()) {
        var bytes = entry.getValue().asText().getBytes(StandardCharsets.UTF_8);
        data.put(entry.getKey(), Base64.getEncoder().encodeToString(bytes));
      }
    }
    return folded;
  }
}
