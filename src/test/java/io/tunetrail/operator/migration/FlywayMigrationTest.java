package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestPostgres;
import org.junit.jupiter.api.Test;

class FlywayMigrationTest {
  private static final String SONGS = "CREATE TABLE songs (id int PRIMARY KEY, title text);";

  private final TestDatabase database = TestDatabase.create();

  @Test
  void versions_run_up_to_the_target_and_are_remembered() {
    var ended =
        TestJob.migrate(database)
            .script("V1__songs.sql", SONGS)
            .script("V2__artist.sql", "ALTER TABLE songs ADD artist text;")
            .script("V3__year.sql", "ALTER TABLE songs ADD year int;")
            .to("2")
            .run();

    assertThat(ended.message()).isEmpty();
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.report().from()).isNull();
    assertThat(ended.report().to()).isEqualTo("2");
    assertThat(ended.report().applied()).isEqualTo(2);
    assertThat(ended.log().lines().toList().getLast())
        .startsWith("Done (exit code 0): from none to 2, 2 applied");
    assertThat(database.query("SELECT version FROM flyway_schema_history ORDER BY installed_rank"))
        .containsExactly("1", "2");
    assertThat(
            database.query(
                "SELECT concat_ws('|', format, work, resource, resource_uid, edition, environment,"
                    + " history_schema, from_version, to_version, ancestors, approved_by, outcome,"
                    + " running_script, finished_at IS NOT NULL) FROM tunetrail.history"))
        .containsExactly(
            "1|migrate|music/karaoke|uid-1|commercial|staging|public|2|{1,2}|dba@example.org|Done|t");
  }

  @Test
  void nothing_pending_is_done_whatever_the_version_was_when_planned() {
    var job = TestJob.migrate(database).script("V1__songs.sql", SONGS).to("1");
    assertThat(job.run().outcome()).isEqualTo(Outcome.DONE);

    var again = job.run();

    assertThat(again.outcome()).isEqualTo(Outcome.DONE);
    assertThat(again.report().to()).isEqualTo("1");
    assertThat(again.report().applied()).isZero();
  }

  @Test
  void a_user_that_is_called_as_our_schema_keeps_its_tables_out_of_it() {
    var server = TestPostgres.start();
    var name = TestPostgres.uniqueName("named");
    server.newDatabase(name, "tunetrail", "secret");
    var named = new TestDatabase(server, name, "tunetrail", "secret");
    var job = TestJob.migrate(named).script("V1__songs.sql", SONGS).to("1");
    assertThat(job.run().message()).isEmpty();

    var ended =
        TestJob.migrate(named)
            .script("V1__songs.sql", SONGS)
            .script("V2__artist.sql", "ALTER TABLE songs ADD artist text;")
            .from("1")
            .to("2")
            .run();

    assertThat(ended.message()).isEmpty();
    assertThat(
            named.query(
                "SELECT schemaname || '.' || tablename FROM pg_tables WHERE tableowner ="
                    + " 'tunetrail'"))
        .containsExactlyInAnyOrder(
            "tunetrail.history",
            "tunetrail.schema",
            "public.songs",
            "public.flyway_schema_history");
  }

  @Test
  void a_database_that_moved_since_the_plan_is_left_alone() {
    TestJob.migrate(database).script("V1__songs.sql", SONGS).to("1").run();

    var ended =
        TestJob.migrate(database)
            .script("V1__songs.sql", SONGS)
            .script("V2__artist.sql", "ALTER TABLE songs ADD artist text;")
            .from(null)
            .to("2")
            .run();

    assertThat(ended.outcome()).isEqualTo(Outcome.INPUTS_CHANGED);
    assertThat(ended.message())
        .isEqualTo("the database is at version 1, this Job is for no version");
    assertThat(database.query("SELECT version FROM flyway_schema_history")).containsExactly("1");
  }

  @Test
  void a_repeatable_script_runs_again_when_its_content_changes() {
    var first =
        TestJob.migrate(database)
            .script("V1__songs.sql", SONGS)
            .script("R__titles.sql", "CREATE OR REPLACE VIEW titles AS SELECT title FROM songs;")
            .to("1")
            .run();
    var second =
        TestJob.migrate(database)
            .script("V1__songs.sql", SONGS)
            .script(
                "R__titles.sql", "CREATE OR REPLACE VIEW titles AS SELECT title, id FROM songs;")
            .from("1")
            .to("1")
            .run();

    assertThat(first.report().applied()).isEqualTo(2);
    assertThat(second.message()).isEmpty();
    assertThat(second.report().applied()).isEqualTo(1);
    assertThat(second.report().to()).isEqualTo("1");
    assertThat(
            database.query(
                "SELECT count(*) FROM information_schema.columns WHERE table_name = 'titles'"))
        .containsExactly("2");
  }

  @Test
  void tables_without_a_history_are_refused_and_the_way_to_adopt_them_is_told() {
    database.execute(SONGS);

    var ended = TestJob.migrate(database).script("V1__songs.sql", SONGS).to("1").run();

    assertThat(ended.outcome()).isEqualTo(Outcome.HISTORY_CONFLICT);
    assertThat(ended.message())
        .contains("no history table flyway_schema_history", "migration.adopt");
  }

  @Test
  void our_own_table_does_not_make_a_schema_look_used() {
    TestJob.createAll(database).script("1.sql", "SELECT 1;").run();

    var ended = TestJob.migrate(database).script("V1__songs.sql", SONGS).to("1").run();

    assertThat(ended.message()).isEmpty();
    assertThat(ended.outcome()).isEqualTo(Outcome.DONE);
  }

  @Test
  void objects_belong_to_the_role() {
    database.server().execute("CREATE ROLE " + database.name() + "_team");
    database.server().execute("GRANT " + database.name() + "_team TO " + database.owner());
    database
        .server()
        .execute(
            "GRANT CREATE ON DATABASE " + database.name() + " TO " + database.name() + "_team");
    database
        .server()
        .execute(database.name(), "GRANT CREATE ON SCHEMA public TO " + database.name() + "_team");

    var ended =
        TestJob.migrate(database)
            .script("V1__songs.sql", SONGS)
            .role(database.name() + "_team")
            .to("1")
            .run();

    assertThat(ended.message()).isEmpty();
    assertThat(
            database.query(
                "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname IN ('public',"
                    + " 'tunetrail')"))
        .containsExactly(database.name() + "_team");
  }
}
