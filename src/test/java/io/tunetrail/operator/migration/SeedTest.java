package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.testing.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SeedTest {
  private static final String SONGS = "CREATE TABLE songs (id int PRIMARY KEY, title text);";
  private static final String FIXTURES =
      "INSERT INTO songs VALUES (1, 'Waterloo') ON CONFLICT (id) DO NOTHING;";

  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void the_schema_is_current() {
    TestJob.migrate(database).script("V1__songs.sql", SONGS).to("1").run();
  }

  @Test
  void fixtures_are_put_in_and_remembered_beside_the_migrations() {
    var job =
        TestJob.seed(database)
            .script(0, "songs.sql", FIXTURES)
            .script(1, "more.sql", "INSERT INTO songs SELECT 2, title FROM songs WHERE id = 1;");

    var ended = job.run();

    assertThat(ended.message()).isEmpty();
    assertThat(ended.report().applied()).isEqualTo(2);
    assertThat(database.query("SELECT title FROM songs")).containsExactly("Waterloo", "Waterloo");
    assertThat(
            database.query(
                "SELECT concat_ws('|', work, inputs_digest, outcome) FROM tunetrail.history WHERE"
                    + " work = 'seed'"))
        .containsExactly("seed|" + job.scripts().digest() + "|Done");
  }

  @Test
  void the_same_fixtures_are_put_in_once_and_again_after_they_or_the_schema_changed() {
    var job = TestJob.seed(database).script("songs.sql", FIXTURES);
    assertThat(job.run().report().applied()).isEqualTo(1);
    assertThat(job.run().report().applied()).isZero();

    TestJob.migrate(database)
        .script("V1__songs.sql", SONGS)
        .script("V2__year.sql", "ALTER TABLE songs ADD year int;")
        .from("1")
        .to("2")
        .run();

    assertThat(job.run().report().applied()).isEqualTo(1);
    assertThat(job.run().report().applied()).isZero();
    assertThat(
            TestJob.seed(database)
                .script("songs.sql", FIXTURES + "-- more")
                .run()
                .report()
                .applied())
        .isEqualTo(1);
  }

  @Test
  void an_error_is_named_by_file_and_line_and_no_fixture_stays() {
    var ended =
        TestJob.seed(database)
            .script("1.sql", FIXTURES)
            .script("2.sql", "-- bands\nINSERT INTO bands VALUES (1);")
            .run();

    assertThat(ended.outcome()).isEqualTo(Outcome.SEED_FAILED);
    assertThat(ended.message()).isEqualTo("2.sql, line 2: relation \"bands\" does not exist");
    assertThat(database.query("SELECT id FROM songs")).isEmpty();
    assertThat(database.query("SELECT outcome FROM tunetrail.history WHERE work = 'seed'"))
        .containsExactly("SeedFailed");
  }

  @Test
  void time_outs_and_a_file_that_ends_the_transaction_have_outcomes_of_their_own()
      throws SQLException {
    assertThat(
            TestJob.seed(database)
                .script("1.sql", "SELECT pg_sleep(5);")
                .statementTimeout(200)
                .run()
                .outcome())
        .isEqualTo(Outcome.STATEMENT_TIMEOUT);
    assertThat(TestJob.seed(database).script("1.sql", "COMMIT;").run().outcome())
        .isEqualTo(Outcome.INVALID_INPUT);
    try (var writer = database.connect();
        var statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("LOCK TABLE songs");
      assertThat(TestJob.seed(database).script("1.sql", FIXTURES).lockTimeout(200).run().outcome())
          .isEqualTo(Outcome.LOCK_TIMEOUT);
      writer.rollback();
    }
  }

  @Test
  void production_is_never_seeded() {
    var ended =
        TestJob.seed(database).script("songs.sql", FIXTURES).as(Environment.PRODUCTION).run();

    assertThat(ended.outcome()).isEqualTo(Outcome.INVALID_INPUT);
    assertThat(database.query("SELECT id FROM songs")).isEmpty();
  }
}
