package io.tunetrail.operator.migration;

import static io.tunetrail.operator.migration.Adoptable.TABLES;
import static io.tunetrail.operator.migration.Adoptable.V1;
import static io.tunetrail.operator.migration.Adoptable.V2;
import static io.tunetrail.operator.migration.Adoptable.V3;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class FlywayBaselineTest {
  private final Adoptable adoptable = Adoptable.create();
  private final TestDatabase database = adoptable.database();

  @Test
  void tables_of_create_all_are_adopted_at_their_version_and_migrated_on_with_their_rows() {
    TestJob.createAll(database).script("songs.sql", TABLES).run();
    database.execute("INSERT INTO songs VALUES ('Abba', 'Waterloo', 1)");

    var adopted = adoptable.adoptAtTwo().run();

    assertThat(adopted.message()).isEmpty();
    assertThat(adopted.exitCode()).isZero();
    assertThat(adopted.report().from()).isNull();
    assertThat(adopted.report().to()).isEqualTo("2");
    assertThat(database.query("SELECT type || version FROM flyway_schema_history"))
        .containsExactly("BASELINE2");
    assertThat(
            database.query(
                "SELECT concat_ws('|', work, history_schema, to_version, ancestors, outcome) FROM"
                    + " tunetrail.history ORDER BY id DESC LIMIT 1"))
        .containsExactly("baseline|public|2|{2}|Done");
    assertThat(adoptable.scratchDatabases()).isEmpty();

    var migrated = adoptable.migrate().from("2").to("3").run();

    assertThat(migrated.message()).isEmpty();
    assertThat(migrated.report().to()).isEqualTo("3");
    assertThat(database.query("SELECT concat_ws('|', artist, title, id, year) FROM songs"))
        .containsExactly("Abba|Waterloo|1");
  }

  @Test
  void a_missing_column_is_named_and_nothing_is_changed() {
    database.execute("CREATE TABLE songs (id int PRIMARY KEY, title varchar(200))");

    var ended = adoptable.adoptAtTwo().run();

    assertThat(ended.outcome()).isEqualTo(Outcome.SCHEMA_DIFFERS);
    assertThat(ended.message())
        .isEqualTo(
            "the tables are not those of version 2, 2 differences: column songs.artist is missing;"
                + " index (artist) on songs is missing");
    adoptable.isUntouched();
  }

  @Test
  void tables_of_a_later_version_are_not_those_of_an_earlier_one() {
    database.execute(V1 + V2 + V3);

    var ended = adoptable.adoptAtTwo().run();

    assertThat(ended.outcome()).isEqualTo(Outcome.SCHEMA_DIFFERS);
    assertThat(ended.message()).endsWith("1 difference: column songs.year is not in the version");
  }

  @Test
  void ten_differences_are_named_and_the_others_counted() {
    database.execute("CREATE TABLE songs (id int)");
    var wide = new StringBuilder("CREATE TABLE songs (id int");
    for (int column = 10; column < 22; column++) {
      wide.append(", c").append(column).append(" int");
    }

    var ended = TestJob.adopt(database, "1").script("V1__wide.sql", wide + ");").run();

    assertThat(ended.message())
        .contains(", 12 differences: column songs.c10 is missing; ")
        .endsWith("column songs.c19 is missing; and 2 more");
  }

  @Test
  void without_the_right_to_create_databases_the_statement_and_the_other_way_are_told() {
    database.execute(TABLES);
    adoptable.administrator("ALTER ROLE %s NOCREATEDB".formatted(database.owner()));

    var ended = adoptable.adoptAtTwo().run();

    assertThat(ended.outcome()).isEqualTo(Outcome.SCRATCH_UNAVAILABLE);
    assertThat(ended.message())
        .contains("ALTER ROLE \"" + database.owner() + "\" CREATEDB;", "spec.scratch");
    adoptable.isUntouched();
  }

  @Test
  void another_server_serves_a_login_that_may_not_create_databases() {
    database.execute(TABLES);
    adoptable.administrator("ALTER ROLE %s NOCREATEDB".formatted(database.owner()));
    try (var other = TestPostgres.startOwn()) {
      var place = TestDatabase.createOn(other);
      other.execute("ALTER ROLE " + place.owner() + " CREATEDB");

      var ended = adoptable.adoptAtTwo().scratch(place).run();

      assertThat(ended.message()).isEmpty();
      assertThat(ended.report().to()).isEqualTo("2");
      assertThat(other.query("SELECT datname FROM pg_database WHERE datname LIKE '%scratch%'"))
          .isEmpty();
    }
  }

  @Test
  void a_scratch_server_that_lets_nobody_in_is_tried_again_and_its_password_is_never_told() {
    database.execute(TABLES);
    var place = TestDatabase.create();
    var wrong = new TestDatabase(place.server(), place.name(), place.owner(), "t0p-wrong");

    var ended = adoptable.adoptAtTwo().scratch(wrong).run();

    assertThat(ended.outcome()).isEqualTo(Outcome.SCRATCH_UNAVAILABLE);
    assertThat(ended.outcome().healsAlone()).isTrue();
    assertThat(ended.message()).startsWith("spec.scratch: password authentication failed");
    assertThat(ended.log()).doesNotContain("t0p-wrong");
    adoptable.isUntouched();
  }

  @Test
  void a_history_that_exists_meanwhile_and_tables_that_are_gone_are_planned_anew() {
    var gone = adoptable.adoptAtTwo().run();
    adoptable.migrate().to("2").run();
    var ended = adoptable.adoptAtTwo().run();

    assertThat(gone.outcome()).isEqualTo(Outcome.INPUTS_CHANGED);
    assertThat(gone.message()).contains("no tables to adopt");
    assertThat(ended.outcome()).isEqualTo(Outcome.INPUTS_CHANGED);
    assertThat(ended.message())
        .isEqualTo("the database is at version 2, this Job is for no version");
  }

  @Test
  void scripts_that_begin_after_the_version_leave_nothing_to_compare() {
    database.execute(V1);

    var adopted =
        TestJob.adopt(database, "1")
            .script("V2__artist.sql", "ALTER TABLE songs ADD artist text;")
            .run();
    var migrated =
        TestJob.migrate(database)
            .script("V2__artist.sql", "ALTER TABLE songs ADD artist text;")
            .from("1")
            .to("2")
            .run();

    assertThat(adopted.message()).isEmpty();
    assertThat(adopted.log()).contains("no script has a version up to 1: nothing is compared");
    assertThat(migrated.message()).isEmpty();
  }

  @Test
  void repeatable_scripts_are_no_part_of_a_version_and_run_with_the_next_migration() {
    database.execute(TABLES);
    var view = "CREATE VIEW titles AS SELECT title FROM songs;";

    var adopted = adoptable.adoptAtTwo().script("R__titles.sql", view).run();
    var migrated = adoptable.migrate().script("R__titles.sql", view).from("2").to("3").run();

    assertThat(adopted.message()).isEmpty();
    assertThat(migrated.message()).isEmpty();
    assertThat(migrated.report().applied()).isEqualTo(2);
  }

  @Test
  void a_migration_never_takes_tables_for_a_version_by_itself() {
    database.execute(TABLES);

    var ended = adoptable.migrate().baseline("2").from("2").to("3").run();

    assertThat(ended.outcome()).isEqualTo(Outcome.HISTORY_CONFLICT);
    assertThat(ended.message())
        .contains("no history table flyway_schema_history", "migration.adopt to Baseline");
    assertThat(database.query("SELECT to_regclass('public.flyway_schema_history')"))
        .containsExactly((String) null);
  }
}
