package io.tunetrail.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.cli.VersionLine.Answer;
import io.tunetrail.operator.engine.ScriptListing;
import io.tunetrail.operator.engine.ScriptListing.Kind;
import io.tunetrail.operator.engine.ScriptListing.Listed;
import io.tunetrail.operator.testing.TestSpecs;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlywayLineTest {
  private static final List<String> FILES =
      List.of(
          "V10__ten.sql",
          "V5__five.sql",
          "V6__six.sql",
          "V6__six.sql.conf",
          "V7__seven.sql",
          "U7__seven.sql",
          "R__views.sql",
          "README.md");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "7    | -1     | 7 → 6 (undoes 7)",
        "7    | -2     | 7 → 5 (undoes 7, 6)",
        "7    | +1     | 7 → 10 (applies 10)",
        "6    | +2     | 6 → 10 (applies 7, 10)",
        "7    | +0     | 7 → 7 (nothing to run)",
        "     | +1     | none → 5 (applies 5)",
        "8    | -1     | 8 → 7 (undoes 8)",
        "5    | latest | 5 → latest, now 10 (applies 6, 7, 10)",
        "10   | latest | 10 → latest, now 10 (nothing to run)",
        "10   | 6      | 10 → 6 (undoes 10, 7)",
        "11   | 11     | 11 → 11 (nothing to run)",
        "7    | 6.0    | 7 → 6.0 (undoes 7)"
      })
  void a_request_becomes_a_version_and_tells_what_runs(
      @Nullable String current, String request, String words) {
    assertThat(answer(current, request))
        .isInstanceOfSatisfying(
            Answer.Found.class, it -> assertThat(it.move().words()).isEqualTo(words));
  }

  @Test
  void what_an_image_told_of_its_scripts_is_the_same_line() {
    var listing =
        new ScriptListing(
            List.of(
                listed("2026/V7__seven.sql", Kind.VERSIONED, "7"),
                listed("V6__six.sql", Kind.VERSIONED, "6"),
                listed("U7__seven.sql", Kind.UNDO, "7"),
                listed("B8__all.sql", Kind.BASELINE, "8"),
                listed("R__views.sql", Kind.REPEATABLE, null)),
            "sha256:scripts");
    assertThat(FlywayLine.of(listing, "6").resolve(TargetRequest.parse("latest")))
        .isInstanceOfSatisfying(
            Answer.Found.class,
            it -> assertThat(it.move().words()).isEqualTo("6 → latest, now 7 (applies 7)"));
  }

  private static Listed listed(String name, Kind kind, @Nullable String version) {
    return new Listed(name, kind, version, "", 1, "sha256:content", null, null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "6  | -2        | 2 steps are too many; the versions before 6: 5",
        "7  | +2        | 2 steps are too many; the versions after 7: 10",
        "7  | 9         | no script has version 9; there are: 5, 6, 7, 10",
        "7  | head      | head is no version; Flyway's are numbers separated by dots or"
            + " underscores, here: 5, 6, 7, 10",
        "7  | search@-1 | Flyway has no branches; leave search@ out: -1",
        "   | +0        | the database has no version yet; name the one it should have"
      })
  void what_leads_nowhere_says_what_there_is(
      @Nullable String current, String request, String message) {
    assertThat(answer(current, request)).isEqualTo(new Answer.Refused(message));
  }

  @Test
  void names_follow_the_resources_own_settings() {
    var settings =
        TestSpecs.flyway(
            "sqlMigrationPrefix: '', sqlMigrationSeparator: '-', sqlMigrationSuffixes: [.ddl]");
    var line =
        FlywayLine.of(List.of("1_2-songs.ddl", "R-views.ddl", "2-songs.sql"), settings, null);
    assertThat(line.resolve(TargetRequest.parse("+1")))
        .isInstanceOfSatisfying(
            Answer.Found.class, it -> assertThat(it.move().to()).isEqualTo("1.2"));
  }

  private static Answer answer(@Nullable String current, String request) {
    return FlywayLine.of(FILES, TestSpecs.flyway(""), current)
        .resolve(TargetRequest.parse(request));
  }
}
