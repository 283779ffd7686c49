package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestPostgres;
import java.util.List;
import java.util.Map;
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
            "tunetrail.history", "public.songs", "public.flyway_schema_history");
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
  void placeholders_are_replaced() {
    var ended =
        TestJob.migrate(database)
            .script("V1__songs.sql", "CREATE TABLE ${table} (id int);")
            .flyway(
                TestJob.spec(
                    Map.of("table", "tracks"),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null))
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
  void out_of_order_runs_what_came_late_only_where_it_is_allowed() {
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
        late.flyway(TestJob.spec(null, true, null, null, null, null, null, null, null, null)).run();

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
                    null,
                    null,
                    null,
                    null,
                    "x\"; DROP TABLE songs; --",
                    null,
                    null,
                    null,
                    null,
                    null))
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
                    null,
                    null,
                    List.of("music", "lyrics"),
                    "lyrics",
                    null,
                    null,
                    null,
                    null,
                    null,
                    null))
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
            .flyway(
                TestJob.spec(
                    null, null, null, null, null, "", "again", "-", List.of(".psql"), null))
            .to("1")
            .run();

    assertThat(ended.message()).isEmpty();
    assertThat(ended.report().applied()).isEqualTo(2);
    assertThat(ended.report().to()).isEqualTo("1");
  }

  @Test
  void tables_without_a_history_are_refused_without_a_baseline_version() {
    database.execute(SONGS);

    var ended = TestJob.migrate(database).script("V1__songs.sql", SONGS).to("1").run();

    assertThat(ended.outcome()).isEqualTo(Outcome.HISTORY_CONFLICT);
    assertThat(ended.message())
        .contains("no history table flyway_schema_history", "schema.flyway.baselineVersion");
  }

  @Test
  void tables_without_a_history_are_taken_for_the_baseline_version() {
    database.execute(SONGS);

    var ended =
        TestJob.migrate(database)
            .script("V1__songs.sql", SONGS)
            .script("V2__artist.sql", "ALTER TABLE songs ADD artist text;")
            .flyway(TestJob.spec(null, null, null, null, null, null, null, null, null, "1"))
            .from("1")
            .to("2")
            .run();

    assertThat(ended.message()).isEmpty();
    assertThat(ended.report().from()).isEqualTo("1");
    assertThat(ended.report().to()).isEqualTo("2");
    assertThat(ended.report().applied()).isEqualTo(1);
    assertThat(
            database.query(
                "SELECT type || version FROM flyway_schema_history ORDER BY installed_rank"))
        .containsExactly("BASELINE1", "SQL2");
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

  @Test
  void a_changed_checksum_is_a_conflict_and_nothing_runs() {
    TestJob.migrate(database).script("V1__songs.sql", SONGS).to("1").run();

    var ended =
        TestJob.migrate(database)
            .script("V1__songs.sql", SONGS + "-- changed")
            .script("V2__artist.sql", "ALTER TABLE songs ADD artist text;")
            .from("1")
            .to("2")
            .run();

    assertThat(ended.outcome()).isEqualTo(Outcome.HISTORY_CONFLICT);
    assertThat(ended.message()).isEqualTo("V1__songs.sql: changed since it was applied");
    assertThat(ended.report().to()).isEqualTo("1");
  }

  @Test
  void bad_sql_is_named_by_file_line_and_postgresqls_own_words_and_what_ran_before_stays() {
    var ended =
        TestJob.migrate(database)
            .script("V1__songs.sql", SONGS)
            .script(
                "V2__bad.sql",
                """
                -- two
                ALTER TABLE songs ADD artist text;

                ALTER TABLE songs
                  ADD COLUMN
                  year intt;
                """)
            .to("2")
            .run();

    assertThat(ended.outcome()).isEqualTo(Outcome.SQL_FAILED);
    assertThat(ended.exitCode()).isEqualTo(15);
    assertThat(ended.message()).isEqualTo("V2__bad.sql, line 6: type \"intt\" does not exist");
    assertThat(ended.report().to()).isEqualTo("1");
    assertThat(ended.report().applied()).isEqualTo(1);
    assertThat(
            database.query(
                "SELECT concat_ws('|', outcome, to_version, ancestors) FROM tunetrail.history"))
        .containsExactly("MigrationFailed|1|{1}");
  }

  @Test
  void a_password_in_an_error_is_redacted() {
    var ended =
        TestJob.migrate(database)
            .script(
                "V1__leak.sql",
                "DO $$ BEGIN RAISE EXCEPTION 'url postgresql://u:%@h', 'se:cret/p@ss word%é'; END"
                    + " $$;")
            .to("1")
            .run();

    assertThat(ended.outcome()).isEqualTo(Outcome.SQL_FAILED);
    assertThat(ended.message()).contains("postgresql://u:***@h");
    assertThat(ended.log()).doesNotContain(database.password());
  }

  @Test
  void public_of_postgresql_15_refuses_create_and_the_grant_is_in_the_message() {
    var stranger = database.name() + "_stranger";
    database.server().newRole(stranger, "pw");
    database.server().execute("GRANT CREATE ON DATABASE " + database.name() + " TO " + stranger);

    var ended =
        TestJob.migrate(database)
            .secret("username", stranger)
            .secret("password", "pw")
            .script("V1__songs.sql", SONGS)
            .to("1")
            .run();

    assertThat(ended.outcome()).isEqualTo(Outcome.INSUFFICIENT_PRIVILEGE);
    assertThat(ended.message())
        .contains(
            "permission denied for schema public",
            "GRANT CREATE ON SCHEMA \"public\" TO \"" + stranger + "\";");
  }

  @Test
  void without_the_right_to_make_our_schema_the_grant_is_in_the_message() {
    var stranger = database.name() + "_stranger";
    database.server().newRole(stranger, "pw");

    var ended =
        TestJob.migrate(database)
            .secret("username", stranger)
            .secret("password", "pw")
            .script("V1__songs.sql", SONGS)
            .to("1")
            .run();

    assertThat(ended.outcome()).isEqualTo(Outcome.INSUFFICIENT_PRIVILEGE);
    assertThat(ended.message())
        .contains("GRANT CREATE ON DATABASE \"" + database.name() + "\" TO \"" + stranger + "\";");
  }

  @Test
  void a_wrong_password_a_missing_database_and_a_server_that_is_away_have_outcomes_of_their_own() {
    var job = TestJob.migrate(database).script("V1__songs.sql", SONGS).to("1");

    assertThat(job.secret("password", "wrong").run().outcome())
        .isEqualTo(Outcome.AUTHENTICATION_FAILED);
    var missing = job.secret("password", database.password()).secret("database", "nowhere").run();
    assertThat(missing.outcome()).isEqualTo(Outcome.UNREACHABLE);
    assertThat(missing.message()).contains("database \"nowhere\" does not exist");
    assertThat(job.secret("port", "1").run().outcome()).isEqualTo(Outcome.UNREACHABLE);
  }

  @Test
  void scripts_that_are_no_migrations_are_all_named() {
    var ended =
        TestJob.migrate(database)
            .script("V1__songs.sql", SONGS)
            .script("V1.0__again.sql", SONGS)
            .script("songs.sql", SONGS)
            .script("README.md", "hello")
            .script("V2__empty.sql", " \n")
            .script("V9__gone.sql.conf", "executeInTransaction=false")
            .to("1")
            .run();

    assertThat(ended.outcome()).isEqualTo(Outcome.INVALID_INPUT);
    assertThat(ended.message())
        .contains(
            "V1.0__again.sql and V1__songs.sql have the same version",
            "songs.sql is named neither like",
            "README.md has none",
            "V2__empty.sql is empty",
            "V9__gone.sql.conf configures V9__gone.sql");
  }

  @Test
  void a_byte_order_mark_and_carriage_returns_do_no_harm() {
    var ended =
        TestJob.migrate(database)
            .script("V1__songs.sql", "\uFEFFCREATE TABLE songs (\r\n id int\r\n);\r\n")
            .to("1")
            .run();

    assertThat(ended.message()).isEmpty();
  }

  @Test
  void fault_44_scripts_that_are_not_those_the_job_is_for_do_not_run() {
    var ended =
        TestJob.migrate(database)
            .script("V1__songs.sql", SONGS)
            .digest("sha256:approved")
            .to("1")
            .run();

    assertThat(ended.outcome()).isEqualTo(Outcome.INPUTS_CHANGED);
    assertThat(ended.exitCode()).isEqualTo(14);
    assertThat(database.query("SELECT to_regclass('public.songs')")).containsExactly((String) null);
    assertThat(database.query("SELECT to_regclass('tunetrail.history')"))
        .containsExactly((String) null);
  }

  @Test
  void fault_30_a_long_error_with_quotes_and_other_alphabets_is_valid_json_of_4096_bytes() {
    var ended =
        TestJob.migrate(database)
            .script(
                "V1__loud.sql",
                "DO $$ BEGIN RAISE EXCEPTION '%', repeat('\"Ω\\😀' || chr(9), 2000); END $$;")
            .to("1")
            .run();

    assertThat(ended.outcome()).isEqualTo(Outcome.SQL_FAILED);
    assertThat(ended.message()).startsWith("V1__loud.sql, line 1: \"Ω\\😀").endsWith("…");
    assertThat(ended.report().toJson().getBytes(java.nio.charset.StandardCharsets.UTF_8).length)
        .isLessThanOrEqualTo(Report.MAX_BYTES);
  }
}
