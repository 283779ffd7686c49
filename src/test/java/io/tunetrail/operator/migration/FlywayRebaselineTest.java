package io.tunetrail.operator.migration;

import static io.tunetrail.operator.migration.Adoptable.V1;
import static io.tunetrail.operator.migration.Adoptable.V2;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.testing.TestDatabase;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Histories that tell of less than the tables have, or otherwise, and keep what they tell of. */
@Timeout(180)
class FlywayRebaselineTest {
  private final Adoptable adoptable = Adoptable.create();
  private final TestDatabase database = adoptable.database();

  @BeforeEach
  void version_1_is_applied_and_has_a_row() {
    assertThat(adoptable.migrate().to("1").run().message()).isEmpty();
    database.execute("INSERT INTO songs VALUES (1, 'Waterloo')");
  }

  private List<@Nullable String> history() {
    return database.query(
        "SELECT concat_ws('|', installed_rank, version, description, type, script, checksum IS"
            + " NULL, success) FROM flyway_schema_history ORDER BY installed_rank");
  }

  private List<@Nullable String> checksums() {
    return database.query("SELECT checksum FROM flyway_schema_history ORDER BY installed_rank");
  }

  @Test
  void a_failure_over_what_is_there_already_points_the_way_out() {
    database.execute(V2.replace("NOT NULL", ""));

    var ended = adoptable.migrate().from("1").to("2").run();

    assertThat(ended.outcome()).isEqualTo(Outcome.SQL_FAILED);
    assertThat(ended.message())
        .startsWith("V2__artist.sql, line 1: ")
        .contains("already exists. If", "migration.adopt: Rebaseline");
  }

  @Test
  void versions_that_were_made_by_hand_are_noted_beside_those_that_are_there() {
    database.execute("ALTER TABLE songs ADD artist text NOT NULL DEFAULT ''");
    database.execute("CREATE INDEX ON songs (artist)");
    var first = history().getFirst();

    var adopted = adoptable.adoptAtTwo().from("1").run();

    assertThat(adopted.message()).isEmpty();
    assertThat(adopted.report().from()).isEqualTo("1");
    assertThat(adopted.report().to()).isEqualTo("2");
    assertThat(adopted.report().applied()).isZero();
    assertThat(history()).containsExactly(first, "2|2|artist|SQL|V2__artist.sql|f|t");
    assertThat(
            database.query(
                "SELECT concat_ws('|', work, from_version, to_version, ancestors, outcome) FROM"
                    + " tunetrail.history ORDER BY id DESC LIMIT 1"))
        .containsExactly("baseline|1|2|{1,2}|Done");

    var migrated = adoptable.migrate().from("2").to("3").run();

    assertThat(migrated.message()).isEmpty();
    assertThat(migrated.report().to()).isEqualTo("3");
    assertThat(database.query("SELECT title FROM songs")).containsExactly("Waterloo");
  }

  @Test
  void what_differs_is_named_and_the_history_stays_as_it_is() {
    var before = history();

    var ended = adoptable.adoptAtTwo().from("1").run();

    assertThat(ended.outcome()).isEqualTo(Outcome.SCHEMA_DIFFERS);
    assertThat(ended.message()).contains("column songs.artist is missing");
    assertThat(history()).isEqualTo(before);
  }

  @Test
  void a_changed_script_that_makes_what_is_there_gets_its_new_checksum() {
    var before = checksums();

    var adopted =
        TestJob.adopt(database, "1")
            .from("1")
            .script("V1__songs.sql", "-- told better\n" + V1)
            .run();

    assertThat(adopted.message()).isEmpty();
    assertThat(history()).containsExactly("1|1|songs|SQL|V1__songs.sql|f|t");
    assertThat(checksums()).isNotEqualTo(before);
  }

  @Test
  void a_script_that_makes_something_else_now_is_not_taken_for_what_was_applied() {
    var before = checksums();

    var ended =
        TestJob.adopt(database, "1")
            .from("1")
            .script("V1__songs.sql", V1.replace("200", "300"))
            .run();

    assertThat(ended.outcome()).isEqualTo(Outcome.SCHEMA_DIFFERS);
    assertThat(checksums()).isEqualTo(before);
  }

  @Test
  void a_script_outside_a_transaction_that_failed_half_way_and_was_finished_by_hand_is_noted() {
    var halfWay = "ALTER TABLE songs ADD artist text; ALTER TABLE nowhere ADD year int;";
    var failed =
        TestJob.migrate(database)
            .script("V1__songs.sql", V1)
            .script("V2__artist.sql", halfWay)
            .script("V2__artist.sql.conf", "executeInTransaction=false")
            .from("1")
            .to("2")
            .run();
    assertThat(failed.exitCode()).isNotZero();
    assertThat(history()).hasSize(2).last().asString().endsWith("|f");

    var whole = halfWay.replace("nowhere", "songs");
    database.execute("ALTER TABLE songs ADD year int");
    var adopted =
        TestJob.adopt(database, "2")
            .from("1")
            .script("V1__songs.sql", V1)
            .script("V2__artist.sql", whole)
            .script("V2__artist.sql.conf", "executeInTransaction=false")
            .run();

    assertThat(adopted.message()).isEmpty();
    assertThat(history())
        .containsExactly("1|1|songs|SQL|V1__songs.sql|f|t", "2|2|artist|SQL|V2__artist.sql|f|t");
  }

  @Test
  void a_version_that_was_skipped_and_made_by_hand_is_noted() {
    database.execute("ALTER TABLE songs ADD artist text; ALTER TABLE songs ADD year int;");
    assertThat(
            TestJob.migrate(database)
                .script("V1__songs.sql", V1)
                .script("V3__nothing.sql", "SELECT 1;")
                .from("1")
                .to("3")
                .run()
                .message())
        .isEmpty();

    var adopted =
        TestJob.adopt(database, "3")
            .from("3")
            .script("V1__songs.sql", V1)
            .script("V2__late.sql", "ALTER TABLE songs ADD artist text, ADD year int;")
            .script("V3__nothing.sql", "SELECT 1;")
            .run();

    assertThat(adopted.message()).isEmpty();
    assertThat(history()).last().isEqualTo("3|2|late|SQL|V2__late.sql|f|t");
  }

  @Test
  void an_empty_history_begins_at_the_baseline() {
    database.execute("DELETE FROM flyway_schema_history");

    var adopted = TestJob.adopt(database, "1").script("V1__songs.sql", V1).run();

    assertThat(adopted.message()).isEmpty();
    assertThat(history())
        .containsExactly("1|1|adopted by TuneTrail|BASELINE|adopted by TuneTrail|t|t");
    var migrated = adoptable.migrate().from("1").to("2").run();
    assertThat(migrated.outcome()).isEqualTo(Outcome.SQL_FAILED); // the row has no artist
    assertThat(migrated.message()).contains("artist");
  }

  @Test
  void a_history_that_moved_meanwhile_is_planned_anew() {
    database.execute("DELETE FROM songs");
    assertThat(adoptable.migrate().from("1").to("2").run().message()).isEmpty();

    var ended = adoptable.adoptAtTwo().from("1").run();

    assertThat(ended.outcome()).isEqualTo(Outcome.INPUTS_CHANGED);
  }
}
