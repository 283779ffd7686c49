package io.tunetrail.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.api.TuneTrailRestoreStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A status that a released operator wrote loses nothing when today's reads and writes it. */
class ReleasedStatusTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private static Stream<Path> files(String folder) throws IOException {
    try (var files = Files.walk(Path.of("src", "test", "resources", "released"))) {
      return files
          .filter(it -> it.toString().contains("/" + folder + "/"))
          .sorted()
          .toList()
          .stream();
    }
  }

  static Stream<Path> databases() throws IOException {
    return files("status");
  }

  static Stream<Path> restores() throws IOException {
    return files("restore-status");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("databases")
  void a_database_s_status_loses_nothing(Path file) throws IOException {
    keepsAll(file, TuneTrailDatabaseStatus.class);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("restores")
  void a_restore_s_status_loses_nothing(Path file) throws IOException {
    keepsAll(file, TuneTrailRestoreStatus.class);
  }

  /** The golden files leave out empty messages. */
  private static void keepsAll(Path file, Class<?> type) throws IOException {
    var written = YAML.readTree(file.toFile());
    written
        .path("conditions")
        .forEach(
            it -> {
              if (!it.has("message")) {
                ((ObjectNode) it).put("message", "");
              }
            });
    var read = YAML.writeValueAsString(YAML.treeToValue(written, type));
    assertThat(YAML.readTree(read)).isEqualTo(written);
  }
}
