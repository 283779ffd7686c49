package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.tunetrail.operator.engine.ImageSource.Holds;
import io.tunetrail.operator.engine.ScriptListing;
import io.tunetrail.operator.engine.ScriptListing.Kind;
import io.tunetrail.operator.engine.ScriptListing.Listed;
import io.tunetrail.operator.testing.TestDatabase;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an image tells of its scripts, and that they run as it told them. */
@Timeout(120)
class ImageScriptsTest {
  private static final String SONGS = "CREATE TABLE songs (title text);";
  private static final String TITLES = "CREATE OR REPLACE VIEW titles AS SELECT title FROM songs;";

  private final TestDatabase database = TestDatabase.create();

  private static TestJob radio(TestJob job) {
    return job.ofImage()
        .script("V1__songs.sql", SONGS)
        .script("2026/V2__more.sql", "ALTER TABLE songs ADD year int;")
        .script("2026/U2__more.sql", "ALTER TABLE songs DROP year;")
        .script("R__titles.sql", TITLES)
        .script("README.md", "not SQL");
  }

  private static ScriptListing told(TestJob.Ended ended) {
    assertThat(ended.outcome()).as(ended.message()).isEqualTo(Outcome.DONE);
    return (ScriptListing) Holds.SCRIPTS.told(ended.log()).orElseThrow();
  }

  @Test
  void it_tells_versions_descriptions_and_checksums() {
    var listing = told(radio(TestJob.inspect(database)).run());

    assertThat(listing.files())
        .extracting(Listed::name, Listed::kind, Listed::version, Listed::description)
        .containsExactly(
            tuple("2026/V2__more.sql", Kind.VERSIONED, "2", "more"),
            tuple("R__titles.sql", Kind.REPEATABLE, null, "titles"),
            tuple("V1__songs.sql", Kind.VERSIONED, "1", "songs"),
            tuple("2026/U2__more.sql", Kind.UNDO, "2", ""));
    assertThat(listing.files()).extracting(Listed::text).containsOnlyNulls();
  }

  @Test
  void what_was_told_runs_with_the_checksums_that_were_told_and_back() {
    var listing = told(radio(TestJob.inspect(database)).run());

    var ended = radio(TestJob.migrate(database)).digest(listing.scripts()).to("2").run();
    assertThat(ended.outcome()).as(ended.message()).isEqualTo(Outcome.DONE);
    var checksums = listing.files().stream().filter(it -> it.kind() != Kind.UNDO);
    assertThat(
            database.query(
                "SELECT script || ' ' || checksum FROM flyway_schema_history ORDER BY script"))
        .containsExactlyElementsOf(checksums.map(it -> it.name() + " " + it.checksum()).toList());

    var back = radio(TestJob.undo(database)).digest(listing.scripts()).from("2").to("1").run();
    assertThat(back.outcome()).as(back.message()).isEqualTo(Outcome.DONE);
    assertThat(back.report().to()).isEqualTo("1");
  }

  @Test
  void fault_44_nothing_runs_of_an_image_that_holds_other_scripts_than_it_told() {
    var listing = told(radio(TestJob.inspect(database)).run());

    var moved = radio(TestJob.migrate(database)).script("V3__new.sql", "SELECT 3;").to("3");
    var ended = moved.digest(listing.scripts()).run();
    assertThat(ended.outcome()).isEqualTo(Outcome.INPUTS_CHANGED);
    assertThat(database.query("SELECT to_regclass('songs') IS NULL")).containsExactly("t");
  }

  @Test
  void a_script_that_fails_is_named_with_its_folder() {
    var job = TestJob.migrate(database).ofImage().script("2026/V3__bad.sql", "SELECT\nnothing;");
    var ended = job.to("3").run();
    assertThat(ended.outcome()).isEqualTo(Outcome.SQL_FAILED);
    assertThat(ended.message()).contains("2026/V3__bad.sql, line 2");
  }

  @Test
  void fault_41_what_is_wrong_is_named_with_its_folder() {
    var job = radio(TestJob.inspect(database));
    job.script("2025/V2__twice.sql", "SELECT 2;").script("views/titles.sql", TITLES);

    var ended = job.run();
    assertThat(ended.outcome()).isEqualTo(Outcome.INVALID_INPUT);
    assertThat(ended.message())
        .contains("2025/V2__twice.sql and 2026/V2__more.sql have the same version")
        .contains("views/titles.sql is named neither like V1__description.sql");
    assertThat(Holds.SCRIPTS.told(ended.log())).isEmpty();
  }

  @Test
  void a_folder_without_scripts_is_no_empty_project() {
    var ended = TestJob.inspect(database).script("README.md", "not SQL").run();
    assertThat(ended.outcome()).isEqualTo(Outcome.INVALID_INPUT);
    assertThat(ended.message()).contains("schema.flyway.path").contains(".sql");
  }

  @Test
  void fault_40_six_hundred_scripts_of_more_than_a_mebibyte_are_told() {
    var job = TestJob.inspect(database);
    IntStream.rangeClosed(1, 600)
        .forEach(it -> job.script("V%d__step.sql".formatted(it), "-- " + "x".repeat(3000)));

    assertThat(told(job.run()).files()).hasSize(600);
  }

  @Test
  void a_list_that_no_config_map_would_take_is_refused() {
    var job = TestJob.inspect(database);
    job.script("R__titles.sql", "-- ${owner}" + "x".repeat(1_000_000) + "\n" + TITLES);

    var ended = job.run();
    assertThat(ended.outcome()).isEqualTo(Outcome.INVALID_INPUT);
    assertThat(ended.message()).contains("1 repeatable scripts with placeholders");
  }
}
