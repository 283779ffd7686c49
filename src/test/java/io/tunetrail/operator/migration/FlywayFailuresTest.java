package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.testing.TestDatabase;
import org.junit.jupiter.api.Test;

class FlywayFailuresTest {
  private static final String SONGS = "CREATE TABLE songs (id int PRIMARY KEY, title text);";

  private final TestDatabase database = TestDatabase.create();

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
  void fault_41_scripts_that_are_no_migrations_are_all_named() {
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
  void fault_41_a_byte_order_mark_and_carriage_returns_do_no_harm() {
    var ended =
        TestJob.migrate(database)
            .script("V1__songs.sql", "\uFEFFCREATE TABLE songs (\r\n id int\r\n);\r\n")
            .to("1")
            .run();

    assertThat(ended.message()).isEmpty();
  }

  @Test
  void fault_45_a_job_that_was_decided_for_another_database_runs_nothing() {
    var ended =
        TestJob.migrate(database)
            .script("V1__songs.sql", SONGS)
            .identity("sha256:another")
            .to("1")
            .run();

    assertThat(ended.outcome()).isEqualTo(Outcome.INPUTS_CHANGED);
    assertThat(ended.message()).contains("leads to another database");
    assertThat(database.query("SELECT to_regclass('tunetrail.history')"))
        .containsExactly((String) null);
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
