package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pods of each release report is read whole: a Job outlives an upgrade. */
class ReleasedReportsTest {
  static Stream<Path> reports() throws IOException {
    try (var files = Files.walk(Path.of("src", "test", "resources", "released"))) {
      return files.filter(it -> it.toString().contains("/reports/")).sorted().toList().stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("reports")
  void what_a_released_pod_reports_is_read_whole(Path file) throws IOException {
    var text = Files.readString(file);
    assertThat(Report.parse(text).orElseThrow().toJson()).isEqualTo(text);
  }

  @Test
  void every_outcome_of_a_release_is_known() throws IOException {
    try (var releases = Files.list(Path.of("src", "test", "resources", "released"))) {
      for (var release : releases.toList()) {
        assertThat(Outcome.values())
            .extracting(Outcome::name)
            .containsAll(Files.readAllLines(release.resolve("outcomes.txt")));
      }
    }
  }

  @Test
  void a_newer_pod_may_say_more_but_an_outcome_that_is_not_known_is_no_report() {
    assertThat(Report.parse("{\"outcome\":\"DONE\",\"applied\":1,\"more\":{}}")).isPresent();
    assertThat(Report.parse("{\"outcome\":\"UNHEARD_OF\",\"applied\":1}")).isEmpty();
  }
}
