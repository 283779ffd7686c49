package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class FlywayUndoRefusedTest {
  private final TestDatabase database = TestDatabase.create();
  private final UndoScripts three = UndoScripts.three();

  @Test
  void a_database_that_moved_since_the_plan_is_left_alone() {
    three.migrate(database, null, "3").run();

    var ended = three.undo(database, "2", "1").run();

    assertThat(ended.outcome()).isEqualTo(Outcome.INPUTS_CHANGED);
    assertThat(ended.message())
        .isEqualTo("the database is at version 3, this Job is for version 2");
    assertThat(UndoScripts.version(database)).isEqualTo("3");
  }

  @Test
  void every_version_without_a_way_back_is_named_before_anything_runs() {
    var scripts = three.without("U1__songs.sql").without("U2__artist.sql");
    scripts.migrate(database, null, "3").run();

    var ended = scripts.undo(database, "3", null).run();

    assertThat(ended.outcome()).isEqualTo(Outcome.UNDO_SCRIPT_MISSING);
    assertThat(ended.exitCode()).isEqualTo(28);
    assertThat(ended.message())
        .isEqualTo("nothing takes these scripts back: V2__artist.sql, V1__songs.sql");
    assertThat(UndoScripts.version(database)).isEqualTo("3");
  }

  @Test
  void a_version_whose_scripts_are_gone_can_not_be_taken_back() {
    three.migrate(database, null, "3").run();

    var ended =
        three.without("V3__year.sql").without("U3__year.sql").undo(database, "3", "1").run();

    assertThat(ended.outcome()).isEqualTo(Outcome.UNDO_SCRIPT_MISSING);
    assertThat(ended.message()).isEqualTo("nothing takes these scripts back: V3__year.sql");
  }

  @Test
  void nothing_below_the_baseline_is_taken_back() {
    three.migrate(database, null, "2").run();
    database.execute(
        "DELETE FROM flyway_schema_history; INSERT INTO flyway_schema_history VALUES (1, '2', '<<"
            + " Flyway Baseline >>', 'BASELINE', '<< Flyway Baseline >>', NULL, 'ada', now(), 0,"
            + " true)");
    three.migrate(database, "2", "3").run();

    var below = three.undo(database, "3", "1").run();
    var base = three.undo(database, "3", null).run();
    var at = three.undo(database, "3", "2").run();
    var again = three.undo(database, "2", "1").run();

    for (var refused : new TestJob.Ended[] {below, base, again}) {
      assertThat(refused.outcome()).isEqualTo(Outcome.UNDO_SCRIPT_MISSING);
      assertThat(refused.message())
          .isEqualTo("version 2 is the baseline; nothing below it can be taken back");
    }
    assertThat(at.message()).isEmpty();
    assertThat(at.report().to()).isEqualTo("2");
    assertThat(database.query("SELECT type || version FROM flyway_schema_history"))
        .containsExactly("BASELINE2");
  }

  @Test
  void a_script_that_came_late_is_in_nobodys_way_back() {
    three.without("V2__artist.sql").without("U2__artist.sql").migrate(database, null, "3").run();

    var ended = three.undo(database, "3", "1").run();

    assertThat(ended.message()).isEmpty();
    assertThat(three.migrate(database, "1", "3").run().message()).isEmpty();
    assertThat(UndoScripts.catalog(database)).isEqualTo(UndoScripts.catalogAt("3"));
  }

  @Test
  void scripts_that_can_never_take_anything_back_are_all_named() {
    var scripts =
        three
            .with("U1.0__again.sql", "DROP TABLE songs;")
            .with("U2__artist.sql", " \n")
            .with("U7__future.sql", "SELECT 1;")
            .with("Undo.sql", "SELECT 1;")
            .with("U__some.sql", "SELECT 1;")
            .with("U9__gone.sql.conf", "executeInTransaction=false");

    var ended = scripts.undo(database, "3", "1").run();

    assertThat(ended.outcome()).isEqualTo(Outcome.INVALID_INPUT);
    assertThat(ended.message().split("; "))
        .containsExactlyInAnyOrder(
            "U1.0__again.sql and U1__songs.sql have the same version",
            "U2__artist.sql is empty",
            "U7__future.sql takes back version 7, which no script has",
            "Undo.sql is not named like U1__description.sql",
            "U__some.sql is not named like U1__description.sql",
            "U9__gone.sql.conf configures U9__gone.sql, which is not there");
  }

  @Test
  void a_prefix_that_begins_with_u_is_the_users_own() {
    var flyway = TestJob.spec(null, null, null, null, null, "U", null, null, null);

    var forward =
        TestJob.migrate(database)
            .script("U1__songs.sql", "CREATE TABLE songs (id int);")
            .flyway(flyway)
            .to("1")
            .run();
    var back =
        TestJob.undo(database)
            .script("U1__songs.sql", "CREATE TABLE songs (id int);")
            .flyway(flyway)
            .from("1")
            .run();

    assertThat(forward.message()).isEmpty();
    assertThat(back.outcome()).isEqualTo(Outcome.UNDO_SCRIPT_MISSING);
  }

  @Test
  void a_script_that_ends_the_transaction_it_shares_is_refused_before_anything_runs() {
    three.migrate(database, null, "3").run();
    for (var end :
        new String[] {
          "COMMIT;", "-- so\n/* be it */ end;", "Rollback ;", "rollback work;", "ABORT;"
        }) {
      var ended =
          three
              .with("U2__artist.sql", "ALTER TABLE songs DROP artist;\n" + end)
              .undo(database, "3", "1")
              .run();

      assertThat(ended.outcome()).as(end).isEqualTo(Outcome.INVALID_INPUT);
      assertThat(ended.message())
          .startsWith("U2__artist.sql, line ")
          .contains("ends the transaction", "take its COMMIT or ROLLBACK out");
    }
    assertThat(UndoScripts.catalog(database)).isEqualTo(UndoScripts.catalogAt("3"));
  }

  @Test
  void savepoints_and_commits_outside_a_transaction_are_the_scripts_own() {
    var scripts =
        three
            .with(
                "U3__year.sql",
                "SAVEPOINT a; DROP TABLE songs; ROLLBACK TO a; ROLLBACK WORK TO SAVEPOINT a;"
                    + "ALTER TABLE songs DROP year;")
            .with("U2__artist.sql", "BEGIN; ALTER TABLE songs DROP artist; COMMIT;")
            .with("U2__artist.sql.conf", "executeInTransaction=false");
    scripts.migrate(database, null, "3").run();

    var ended = scripts.undo(database, "3", "1").run();

    assertThat(ended.message()).isEmpty();
    assertThat(UndoScripts.catalog(database)).isEqualTo(UndoScripts.catalogAt("1"));
  }

  @Test
  void tables_without_a_history_have_no_way_back() {
    database.execute("CREATE TABLE songs (id int)");

    var ended = three.undo(database, "3", "1").run();

    assertThat(ended.outcome()).isEqualTo(Outcome.HISTORY_CONFLICT);
  }
}
