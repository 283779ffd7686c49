package io.tunetrail.operator.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.tunetrail.operator.api.FlywaySpec;
import io.tunetrail.operator.database.WorkHistory;
import io.tunetrail.operator.engine.FlywaySettings;
import org.jspecify.annotations.Nullable;

/** Parts of a spec by the fields that matter, as a user writes them. */
public final class TestSpecs {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private TestSpecs() {}

  /** The settings of schema.flyway, whose fields are given as {@code name: value, …}. */
  public static FlywaySettings flyway(String fields, @Nullable String baselineVersion) {
    try {
      return FlywaySettings.of(
          YAML.readValue("{" + fields + "}", FlywaySpec.class), baselineVersion);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no fields of schema.flyway: " + fields, e);
    }
  }

  public static FlywaySettings flyway(String fields) {
    return flyway(fields, null);
  }

  /** How a work of resource uid-1 begins in tunetrail.history, which nobody had to approve. */
  public static WorkHistory.Entry work(String work, String job) {
    return new WorkHistory.Entry(
        work,
        "music/karaoke",
        "uid-1",
        job,
        "commercial",
        "staging",
        "sha256:0",
        null,
        null,
        null,
        null,
        null);
  }
}
