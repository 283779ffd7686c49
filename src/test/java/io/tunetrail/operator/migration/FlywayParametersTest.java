package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlywayParametersTest {
  private static final String SONGS = "CREATE TABLE songs (id int PRIMARY KEY, title text);";

  private final TestDatabase database = TestDatabase.create();

  @Test
  void scripts_of_several_config_maps_are_one_set() {
    var ended =
        TestJob.migrate(database)
            .script(1, "V1__songs.sql", SONGS)
            .script(0, "V2__artist.sql", "ALTER TABLE songs ADD artist text;")
            .to("2")
            .run();

    assertThat(ended.report().to()).isEqualTo("2");
  }

  @Test
  void placeholders_are_replaced() {
    var ended =
        TestJob.migrate(database)
            .script("V1__songs.sql", "CREATE TABLE ${table} (id int);")
            .flyway(
                TestJob.spec(
                    Map.of("table", "tracks"), null, null, null, null, null, null, null, null))
            .to("1")
            .run();

    assertThat(ended.outcome()).isEqualTo(Outcome.DONE);
    assertThat(database.query("SELECT to_regclass('public.tracks')")).containsExactly("tracks");
  }

  @Test
  void a_placeholder_without_a_value_is_named() {
    var ended =
        TestJob.migrate(database)
            .script("V1__songs.sql", "CREATE TABLE ${table} (id int);")
            .to("1")
            .run();

    assertThat(ended.outcome()).isEqualTo(Outcome.INVALID_INPUT);
    assertThat(ended.message()).contains("${table}");
  }

  @Test
  void fault_41_out_of_order_runs_what_came_late_only_where_it_is_allowed() {
    TestJob.migrate(database)
        .script("V1__songs.sql", SONGS)
        .script("V3__year.sql", "ALTER TABLE songs ADD year int;")
        .to("3")
        .run();
    var late =
        TestJob.migrate(database)
            .script("V1__songs.sql", SONGS)
            .script("V2__artist.sql", "ALTER TABLE songs ADD artist text;")
            .script("V3__year.sql", "ALTER TABLE songs ADD year int;")
            .from("3")
            .to("3");

    var refused = late.run();
    var allowed =
        late.flyway(TestJob.spec(null, true, null, null, null, null, null, null, null)).run();

    assertThat(refused.outcome()).isEqualTo(Outcome.HISTORY_CONFLICT);
    assertThat(refused.message()).contains("V2__artist.sql");
    assertThat(allowed.message()).isEmpty();
    assertThat(allowed.report().applied()).isEqualTo(1);
    assertThat(allowed.report().to()).isEqualTo("3");
  }

  @Test
  void schemas_are_created_and_the_history_table_has_the_name_it_is_given() {
    var ended =
        TestJob.migrate(database)
            .script(
                "V1__songs.sql", "CREATE TABLE songs (id int); CREATE TABLE lyrics.lines (id int);")
            .flyway(
                TestJob.spec(
                    null,
                    null,
                    List.of("music", "lyrics"),
                    null,
                    "history of us",
                    null,
                    null,
                    null,
                    null))
            .to("1")
            .run();

    assertThat(ended.message()).isEmpty();
    assertThat(
            database.query("SELECT version FROM music.\"history of us\" WHERE version IS NOT NULL"))
        .containsExactly("1");
    assertThat(database.query("SELECT to_regclass('music.songs')")).containsExactly("music.songs");
    assertThat(database.query("SELECT history_schema FROM tunetrail.history"))
        .containsExactly("music");
  }

  @Test
  void fault_46_a_history_table_whose_name_flyway_would_not_quote_is_refused() {
    var ended =
        TestJob.migrate(database)
            .script("V1__songs.sql", SONGS)
            .flyway(
                TestJob.spec(
                    null, null, null, null, "x\"; DROP TABLE songs; --", null, null, null, null))
            .to("1")
            .run();

    assertThat(ended.outcome()).isEqualTo(Outcome.INVALID_INPUT);
    assertThat(ended.message()).contains("history table's name");
  }

  @Test
  void the_default_schema_holds_the_history_among_several() {
    var ended =
        TestJob.migrate(database)
            .script("V1__songs.sql", "CREATE TABLE songs (id int);")
            .flyway(
                TestJob.spec(
                    null, null, List.of("music", "lyrics"), "lyrics", null, null, null, null, null))
            .to("1")
            .run();

    assertThat(ended.message()).isEmpty();
    assertThat(
            database.query(
                "SELECT version FROM lyrics.flyway_schema_history WHERE version IS NOT NULL"))
        .containsExactly("1");
  }

  @Test
  void prefixes_separator_and_suffixes_are_the_users_own() {
    var ended =
        TestJob.migrate(database)
            .script("1-songs.psql", SONGS)
            .script(
                "again-titles.psql", "CREATE OR REPLACE VIEW titles AS SELECT title FROM songs;")
            .flyway(TestJob.spec(null, null, null, null, null, "", "again", "-", List.of(".psql")))
            .to("1")
            .run();

    assertThat(ended.message()).isEmpty();
    assertThat(ended.report().applied()).isEqualTo(2);
    assertThat(ended.report().to()).isEqualTo("1");
  }
}
