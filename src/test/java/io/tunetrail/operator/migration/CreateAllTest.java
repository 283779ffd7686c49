package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.testing.TestDatabase;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CreateAllTest {
  private static final String SONGS =
      """
      CREATE TABLE IF NOT EXISTS songs (id int PRIMARY KEY, title text);
      CREATE OR REPLACE FUNCTION loud(title text) RETURNS text LANGUAGE plpgsql AS $body$
      BEGIN RETURN upper(title) || ';'; END $body$;
      """;

  private final TestDatabase database = TestDatabase.create();

  @Test
  void what_is_missing_is_created_and_the_inputs_are_remembered() {
    var job =
        TestJob.createAll(database)
            .script(0, "1.sql", SONGS)
            .script(1, "0.sql", "CREATE TABLE IF NOT EXISTS plays (song int REFERENCES songs);")
            .as(Environment.DEVELOPMENT);

    var ended = job.run();

    assertThat(ended.message()).isEmpty();
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.report().applied()).isEqualTo(2);
    assertThat(database.query("SELECT loud('a')")).containsExactly("A;");
    assertThat(
            database.query(
                "SELECT concat_ws('|', work, environment, inputs_digest, outcome) FROM"
                    + " tunetrail.history"))
        .containsExactly("create-all|development|" + job.scripts().digest() + "|Done");
  }

  @Test
  void the_same_inputs_are_applied_once_and_others_anew() {
    var job = TestJob.createAll(database).script("1.sql", SONGS);
    job.run();

    assertThat(job.run().report().applied()).isZero();
    assertThat(
            TestJob.createAll(database).script("1.sql", SONGS + "-- more").run().report().applied())
        .isEqualTo(1);
  }

  @Test
  void an_error_is_named_by_file_and_line_and_leaves_nothing_behind() {
    var ended =
        TestJob.createAll(database)
            .script("1.sql", SONGS)
            .script(
                "2.sql",
                """
                CREATE TABLE IF NOT EXISTS bands (id int);

                -- ünï
                CREATE TABLE IF NOT EXISTS plays (
                  song intt);
                """)
            .run();

    assertThat(ended.outcome()).isEqualTo(Outcome.SQL_FAILED);
    assertThat(ended.message()).isEqualTo("2.sql, line 5: type \"intt\" does not exist");
    assertThat(database.query("SELECT to_regclass('public.songs')")).containsExactly((String) null);
    assertThat(database.query("SELECT outcome FROM tunetrail.history"))
        .containsExactly("MigrationFailed");
  }

  @Test
  void a_file_that_ends_the_transaction_is_named() {
    var ended =
        TestJob.createAll(database)
            .script("1.sql", "CREATE TABLE IF NOT EXISTS a (); COMMIT;")
            .run();

    assertThat(ended.outcome()).isEqualTo(Outcome.INVALID_INPUT);
    assertThat(ended.message()).startsWith("1.sql ends the transaction");
  }

  @Test
  void two_at_once_never_collide() {
    var slow = "SELECT pg_sleep(1); CREATE TABLE songs (id int); DROP TABLE songs;";
    var jobs =
        Stream.of(1, 2, 3)
            .map(it -> TestJob.createAll(database).script("1.sql", slow + "-- " + it))
            .toList();

    var ended =
        jobs.stream().map(TestJob::start).toList().stream().map(TestJob.Running::await).toList();

    assertThat(ended).extracting(TestJob.Ended::message).containsOnly("");
    assertThat(database.query("SELECT count(*) FROM tunetrail.history WHERE outcome = 'Done'"))
        .containsExactly("3");
    assertThat(
            database.query(
                "SELECT count(*) FROM tunetrail.history a JOIN tunetrail.history b ON a.id < b.id"
                    + " AND b.started_at < a.finished_at"))
        .containsExactly("0");
  }

  @Test
  void the_lock_timeout_holds_for_create_all_too() throws java.sql.SQLException {
    database.execute("CREATE TABLE songs (id int)");
    try (var reader = database.connect();
        var statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("SELECT * FROM songs");

      var ended =
          TestJob.createAll(database)
              .script("1.sql", "ALTER TABLE songs ADD COLUMN IF NOT EXISTS title text;")
              .lockTimeout(300)
              .run();

      assertThat(ended.outcome()).isEqualTo(Outcome.LOCK_TIMEOUT);
      reader.rollback();
    }
  }
}
