package io.tunetrail.operator.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.engine.ImageContent;
import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.engine.ScriptListing;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Inspection;
import io.tunetrail.operator.lifecycle.Lifecycle;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.Observed;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.Plan;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.migration.MigrationJob;
import io.tunetrail.operator.status.StatusFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * From a resource and what is observed to the status and the Job, each as YAML in a folder of its
 * own. {@code -Dgolden=write} writes what comes out; read the difference before committing it.
 */
class GoldenTest {
  private static final Path FOLDERS = Path.of("src/test/resources/golden");
  private static final String IMAGE = "tunetrail/operator:test";

  private static final ObjectMapper YAML =
      new ObjectMapper(
              YAMLFactory.builder()
                  .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                  .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                  .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                  .build())
          .registerModule(new JavaTimeModule())
          .setDefaultPropertyInclusion(JsonInclude.Include.NON_EMPTY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .addMixIn(Look.class, LookTypes.class)
          .addMixIn(SchemaState.class, SchemaTypes.class)
          .addMixIn(Inspection.class, InspectionTypes.class)
          .addMixIn(ImageContent.class, ContentTypes.class)
          .addMixIn(ObservedJob.State.class, JobTypes.class);

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Look.Seen.class, name = "seen"),
    @JsonSubTypes.Type(value = Look.Unseen.class, name = "unseen"),
    @JsonSubTypes.Type(value = Look.Due.class, name = "due"),
    @JsonSubTypes.Type(value = Look.UnderWay.class, name = "underWay")
  })
  private interface LookTypes {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
  @JsonSubTypes({
    @JsonSubTypes.Type(value = SchemaState.CreateAll.class, name = "createAll"),
    @JsonSubTypes.Type(value = SchemaState.Flyway.class, name = "flyway"),
    @JsonSubTypes.Type(value = SchemaState.Alembic.class, name = "alembic")
  })
  private interface SchemaTypes {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Inspection.NotNeeded.class, name = "notNeeded"),
    @JsonSubTypes.Type(value = Inspection.Missing.class, name = "missing"),
    @JsonSubTypes.Type(value = Inspection.Known.class, name = "known")
  })
  private interface InspectionTypes {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
  @JsonSubTypes({
    @JsonSubTypes.Type(value = RevisionGraph.class, name = "graph"),
    @JsonSubTypes.Type(value = ScriptListing.class, name = "listing")
  })
  private interface ContentTypes {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
  @JsonSubTypes({
    @JsonSubTypes.Type(value = ObservedJob.Ended.class, name = "ended"),
    @JsonSubTypes.Type(value = ObservedJob.Running.class, name = "running"),
    @JsonSubTypes.Type(value = ObservedJob.Blocked.class, name = "blocked")
  })
  private interface JobTypes {}

  static Stream<Path> folders() throws IOException {
    try (var folders = Files.list(FOLDERS)) {
      return folders.sorted().toList().stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("folders")
  void what_goes_in_comes_out_as_written(Path folder) throws IOException {
    var resource =
        YAML.readValue(folder.resolve("in-resource.yaml").toFile(), TuneTrailDatabase.class);
    var observed = YAML.readValue(folder.resolve("in-observed.yaml").toFile(), Observed.class);
    var desired = Desired.from(resource);
    var plan = Lifecycle.plan(desired, observed);
    var status =
        StatusFactory.next(
            resource.getStatus(), resource.getMetadata().getGeneration(), desired, observed, plan);
    compare(folder.resolve("out-status.yaml"), List.of(status));
    compare(folder.resolve("out-jobs.yaml"), jobs(resource, desired, plan));
  }

  private static List<Object> jobs(TuneTrailDatabase resource, Desired desired, Plan plan) {
    return plan.start() == null
        ? List.of()
        : List.of(MigrationJob.of(resource, desired, plan.start(), IMAGE));
  }

  private static void compare(Path file, List<Object> objects) throws IOException {
    var text = new StringBuilder();
    for (var object : objects) {
      text.append(YAML.writeValueAsString(object));
    }
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(file, text);
    }
    assertThat(file).hasContent(text.toString());
  }
}
