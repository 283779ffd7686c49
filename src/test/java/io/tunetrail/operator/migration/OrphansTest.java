package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.testing.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs of earlier works whose pods are gone. */
@Timeout(120)
class OrphansTest {
  private static final String SONGS = "CREATE TABLE songs (id int);";

  private final TestDatabase database = TestDatabase.create();

  private TestJob songs() {
    return TestJob.migrate(database).script("V1__songs.sql", SONGS).to("1");
  }

  /** Leaves a row as a pod does that was killed while a user's program worked. */
  private void leave(String address) {
    songs().run();
    database.execute(
        """
        DROP TABLE songs, flyway_schema_history;
        UPDATE tunetrail.history SET outcome = NULL, finished_at = NULL, worker_address = '%s'
        """
            .formatted(address));
  }

  @Test
  void a_migration_waits_for_them_and_then_names_the_process() throws SQLException {
    leave("127.0.0.1");
    try (var orphan = database.connect();
        var statement = orphan.createStatement()) {
      orphan.setAutoCommit(false);
      statement.execute("SELECT 1");
      var ended = songs().fenceTimeout(700).run();

      assertThat(ended.outcome()).isEqualTo(Outcome.LOCK_NOT_OBTAINED);
      assertThat(ended.message())
          .matches("process \\d+ of Job karaoke-job-\\d+ still works: SELECT 1");
      orphan.rollback();
      assertThat(songs().run().outcome()).isEqualTo(Outcome.DONE);
    }
  }

  @Test
  void sessions_from_elsewhere_or_that_do_nothing_are_none() throws SQLException {
    leave("192.0.2.1");
    try (var busy = database.connect();
        var idle = database.connect();
        var statement = busy.createStatement()) {
      busy.setAutoCommit(false);
      statement.execute("SELECT 1");
      idle.setAutoCommit(true);

      assertThat(songs().fenceTimeout(700).run().outcome()).isEqualTo(Outcome.DONE);
    }
  }

  @Test
  void a_table_that_an_earlier_release_made_gets_what_it_lacks() {
    songs().run();
    database.execute("ALTER TABLE tunetrail.history DROP COLUMN worker_address");

    var ended =
        songs().script("V2__more.sql", SONGS.replace("songs", "bands")).from("1").to("2").run();

    assertThat(ended.message()).isEmpty();
    assertThat(
            database.query(
                "SELECT col_description('tunetrail.history'::regclass, attnum) FROM pg_attribute"
                    + " WHERE attrelid = 'tunetrail.history'::regclass AND attname ="
                    + " 'worker_address'"))
        .singleElement()
        .asString()
        .startsWith("Address of the pod");
  }
}
