package io.tunetrail.operator.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tunetrail.operator.migration.PlanAnalysis;
import io.tunetrail.operator.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * From a schema and planned statements to their analysis, on real PostgreSQL and by what squawk
 * prints. {@code -Dgolden=write} writes what comes out; read the difference before committing it.
 */
@Timeout(120)
class AnalysisTest {
  private static final Path FOLDERS = Path.of("src/test/resources/analysis");

  private static final YAMLMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder()
                  .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                  .disable(YAMLGenerator.Feature.SPLIT_LINES)
                  .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                  .build())
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_EMPTY, JsonInclude.Include.NON_EMPTY))
          .build();

  /** What a case begins with. */
  record Case(String from, List<PlannedStatement> statements) {}

  static Stream<Path> folders() throws IOException {
    try (var folders = Files.list(FOLDERS)) {
      return folders.sorted().toList().stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("folders")
  void what_is_planned_is_analysed_as_written(Path folder) throws Exception {
    var given = YAML.readValue(folder.resolve("in.yaml").toFile(), Case.class);

    var squawk = new Squawk(RecordedSquawk.of(folder));

    compare(folder.resolve("out-scratch.yaml"), analysis(squawk, given, true));
    compare(folder.resolve("out-no-scratch.yaml"), analysis(squawk, given, false));
  }

  @Test
  void without_squawk_it_says_so_and_tells_what_postgresql_shows() throws Exception {
    var given =
        new Case(
            "CREATE TABLE songs (id int, title text)",
            List.of(new PlannedStatement("V2__x.sql", "2", "ALTER TABLE songs DROP title", true)));

    var analysis = analysis(Squawk.at(Path.of("/nowhere/squawk")), given, true);

    assertThat(analysis.linter()).isNull();
    assertThat(analysis.remarks())
        .containsExactly("not analysed by squawk: there is no program /nowhere/squawk here");
    assertThat(analysis.destructive()).isTrue();
    assertThat(analysis.statements().getFirst().locks())
        .containsExactly(new TableLock("ACCESS EXCLUSIVE", "public.songs"));
  }

  @Test
  void with_neither_squawk_nor_a_scratch_database_nobody_knows_whether_data_is_lost()
      throws Exception {
    var given =
        new Case(
            "CREATE TABLE songs (id int)",
            List.of(new PlannedStatement("V2__x.sql", "2", "SELECT 1", true)));

    var analysis = analysis(Squawk.at(Path.of("/nowhere/squawk")), given, false);

    assertThat(analysis.destructive()).isNull();
    assertThat(analysis.statements().getFirst().unmeasured())
        .isEqualTo("there was no scratch database");
  }

  @Test
  void an_analysis_is_read_back_from_its_json() throws Exception {
    var json = JsonMapper.builder().build();
    var analysis =
        analysis(
            Squawk.at(Path.of("/nowhere/squawk")),
            new Case(
                "CREATE TABLE songs (id int)",
                List.of(new PlannedStatement("V2__x.sql", "2", "DROP TABLE songs", true))),
            true);

    var text = json.writeValueAsString(analysis);

    assertThat(text).contains("\"level\":\"Destructive\"", "\"destructive\":true");
    assertThat(json.readValue(text, Analysis.class)).isEqualTo(analysis);
  }

  private static Analysis analysis(Squawk squawk, Case given, boolean withScratch)
      throws SQLException, InterruptedException {
    var live = TestDatabase.create();
    var scratch = TestDatabase.create();
    live.execute(given.from());
    scratch.execute(given.from().replaceAll("(?m)^(INSERT|ANALYZE).*$", ""));
    try (var looking = live.connect();
        var trying = scratch.connect()) {
      return new PlanAnalysis(squawk).of(given.statements(), looking, withScratch ? trying : null);
    }
  }

  /** Bytes differ a little from run to run. */
  private static void compare(Path file, Analysis analysis) throws IOException {
    var text =
        YAML.writeValueAsString(analysis)
            .replaceAll("bytes: \\d+", "bytes: some")
            .replaceAll("\\([\\d,]+ [kM]B", "(some MB");
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(file, text);
    }
    assertThat(file).hasContent(text);
  }
}
