package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Reads the plan that a status names. */
record PlanReader(Cluster cluster) {
  private static final String PLAIN = "plan.json";
  private static final String COMPRESSED = "plan.json.gz";

  /** Empty where the status names none. */
  Optional<PlanDocument> of(Database database) throws CommandFailure {
    var plan = database.extras().plan();
    if (plan == null || plan.configMap() == null) {
      return Optional.empty();
    }
    var name = plan.configMap();
    var configMap =
        cluster
            .configMap(name)
            .orElseThrow(
                () ->
                    new CommandFailure(
                        "the plan's ConfigMap %s is gone; the operator makes it anew, try again in a moment"
                            .formatted(name)));
    var document = PlanDocument.parse(json(configMap));
    if (!Objects.equals(document.digest(), plan.digest())) {
      throw new CommandFailure(
          "ConfigMap %s holds another plan than the status names; try again".formatted(name));
    }
    return Optional.of(document);
  }

  private static String json(ConfigMap configMap) throws CommandFailure {
    var text = Objects.requireNonNullElse(configMap.getData(), Map.<String, String>of()).get(PLAIN);
    var bytes =
        Objects.requireNonNullElse(configMap.getBinaryData(), Map.<String, String>of())
            .get(COMPRESSED);
    if (text != null) {
      return text;
    }
    if (bytes == null) {
      throw new CommandFailure(
          "ConfigMap %s holds no %s".formatted(configMap.getMetadata().getName(), PLAIN));
    }
    try (var in =
        new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(bytes)))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CommandFailure(
          "ConfigMap %s is damaged: %s"
              .formatted(configMap.getMetadata().getName(), e.getMessage()));
    }
  }
}
