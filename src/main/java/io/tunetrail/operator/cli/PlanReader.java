package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Reads the plan that a status names, which may be compressed and in several ConfigMaps. */
record PlanReader(Cluster cluster) {
  private static final String PLAIN = "plan.json";
  private static final String COMPRESSED = "plan.json.gz";
  private static final String PART = "part";

  /** Empty where the status names none. */
  Optional<PlanDocument> of(Database database) throws CommandFailure {
    var plan = database.extras().plan();
    if (plan == null || plan.configMap() == null) {
      return Optional.empty();
    }
    var name = plan.configMap();
    var configMap = cluster.configMap(name).orElseThrow(() -> gone(name));
    var document = PlanDocument.parse(json(configMap));
    if (!Objects.equals(document.digest(), plan.digest())) {
      throw new CommandFailure(
          "ConfigMap %s holds another plan than the status names; try again".formatted(name));
    }
    return Optional.of(document);
  }

  private String json(ConfigMap first) throws CommandFailure {
    var text = data(first).get(PLAIN);
    if (text != null) {
      return text;
    }
    var stream = new ByteArrayOutputStream();
    int parts = parts(first);
    for (int part = 1; part <= parts; part++) {
      stream.writeBytes(part(part == 1 ? first : further(first, part)));
    }
    try (var in = new GZIPInputStream(new ByteArrayInputStream(stream.toByteArray()))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CommandFailure(
          "ConfigMap %s is damaged: %s".formatted(first.getMetadata().getName(), e.getMessage()));
    }
  }

  /** Of how many ConfigMaps, as the first says: 1/3. */
  private static int parts(ConfigMap first) {
    var part = data(first).getOrDefault(PART, "1/1");
    return part.matches("1/[1-9][0-9]{0,3}") ? Integer.parseInt(part.substring(2)) : 1;
  }

  private ConfigMap further(ConfigMap first, int part) throws CommandFailure {
    var name = "%s-%d".formatted(first.getMetadata().getName(), part);
    return cluster.configMap(name).orElseThrow(() -> gone(name));
  }

  private static byte[] part(ConfigMap configMap) throws CommandFailure {
    var binary = configMap.getBinaryData();
    var bytes = binary == null ? null : binary.get(COMPRESSED);
    if (bytes == null) {
      throw new CommandFailure(
          "ConfigMap %s holds no %s".formatted(configMap.getMetadata().getName(), PLAIN));
    }
    return Base64.getDecoder().decode(bytes);
  }

  private static Map<String, String> data(ConfigMap configMap) {
    return configMap.getData() == null ? Map.of() : configMap.getData();
  }

  private static CommandFailure gone(String name) {
    return new CommandFailure(
        "the plan's ConfigMap %s is gone; the operator makes it anew, try again in a moment"
            .formatted(name));
  }
}
