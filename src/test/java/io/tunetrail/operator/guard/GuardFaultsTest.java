package io.tunetrail.operator.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.database.Fence;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class GuardFaultsTest {
  private static final String FENCE_HOLDER =
      """
      FROM pg_locks l WHERE l.locktype = 'advisory' AND l.mode = 'ExclusiveLock' AND l.objid = 1953653041
        AND l.database = (SELECT oid FROM pg_database WHERE datname = '%s')
      """;

  private final TestDatabase database = TestDatabase.create();

  private TestPod createAll() {
    return new TestPod(database, Task.CREATE_ALL).command(List.of("make-tables"));
  }

  private Fence hold() {
    try {
      var attempt = Fence.acquire(database.settings(), "somebody-else", TestPod.PATIENCE, false);
      return ((Fence.Attempt.Held) attempt).fence();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> history(String... columns) {
    return database
        .query(
            "SELECT concat_ws('|', %s) FROM tunetrail.history ORDER BY id"
                .formatted(String.join(", ", columns)))
        .stream()
        .map(String::valueOf)
        .toList();
  }

  /** Runs a statement as the program would; the answer is its failure's SQLSTATE. */
  private static CompletableFuture<String> execute(Connection connection, String sql) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (connection;
              var statement = connection.createStatement()) {
            statement.execute(sql);
            return "";
          } catch (SQLException e) {
            return String.valueOf(e.getSQLState());
          }
        },
        GuardFaultsTest::inBackground);
  }

  private static void inBackground(Runnable task) {
    Thread.ofPlatform().daemon().start(task);
  }

  @Test
  void a_guard_that_waits_for_the_lock_does_not_end_and_lets_nothing_start()
      throws SQLException, IOException {
    try (var pod = createAll()) {
      try (var _ = hold()) {
        pod.start();
        await()
            .atMost(TestPod.PATIENCE)
            .until(
                () ->
                    database
                            .query(
                                "SELECT 1 FROM pg_stat_activity WHERE application_name = 'tunetrail/%s'"
                                    .formatted(pod.job()))
                            .size()
                        >= 1);
        await()
            .during(Duration.ofSeconds(2))
            .atMost(TestPod.PATIENCE)
            .until(() -> pod.isRunning() && !pod.isOpen());
      }
      pod.request(1);
      pod.answer(1, 0, "");

      assertThat(pod.report().outcome()).isEqualTo(Outcome.DONE);
      assertThat(pod.isRunning()).isTrue();
      assertThat(pod.stop()).isZero();
    }
  }

  @Test
  void a_server_that_is_away_is_waited_for() throws IOException {
    try (var server = TestPostgres.startOwn()) {
      var own = TestDatabase.createOn(server);
      server.stop();
      try (var pod = new TestPod(own, Task.CREATE_ALL).start()) {
        pod.awaitLog("waiting: localhost:" + server.port());
        server.resume();
        pod.request(1);
        pod.answer(1, 0, "");

        assertThat(pod.report().outcome()).isEqualTo(Outcome.DONE);
      }
    }
  }

  @Test
  void fault_17_a_replica_ends_the_work_at_once() throws IOException {
    try (var server = TestPostgres.startOwn()) {
      var own = TestDatabase.createOn(server);
      server.stop();
      server.resumeAsReplica();
      try (var pod = new TestPod(own, Task.CREATE_ALL).start()) {

        assertThat(pod.report().outcome()).isEqualTo(Outcome.READ_ONLY_REPLICA);
        await().atMost(TestPod.PATIENCE).until(pod::isOpen);
        assertThat(pod.isRunning()).isTrue();
      }
    }
  }

  @Test
  void fault_18_who_waits_for_a_lock_too_long_is_ended_and_the_holder_named()
      throws SQLException, IOException {
    database.execute("CREATE TABLE songs (id int)");
    try (var pod = createAll().limits(1000, 0).start();
        var reader = database.connect();
        var statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("SELECT * FROM songs");
      pod.request(1);
      var waiting = execute(pod.program(), "ALTER TABLE songs ADD title text");

      assertThat(waiting.join()).isEqualTo("57P01");
      pod.answer(1, 1, "psycopg.errors.AdminShutdown: terminating connection");
      var report = pod.report();
      assertThat(report.outcome()).isEqualTo(Outcome.LOCK_TIMEOUT);
      assertThat(report.message())
          .matches(
              "process \\d+ waited for more than 1 s for a lock on public\\.songs, which process"
                  + " \\d+ \\(test\\) holds, and was ended");
      reader.rollback();
    }
  }

  @Test
  void a_statement_that_takes_too_long_is_ended() throws SQLException, IOException {
    try (var pod = createAll().limits(0, 1500).start()) {
      pod.request(1);
      var slow = execute(pod.program(), "SELECT pg_sleep(60)");

      assertThat(slow.join()).isEqualTo("57P01");
      pod.answer(1, 1, "");
      var report = pod.report();
      assertThat(report.outcome()).isEqualTo(Outcome.STATEMENT_TIMEOUT);
      assertThat(report.message())
          .contains("executed a statement for more than 1500 ms", "SELECT pg_sleep(60)");
    }
  }

  @Test
  void an_index_that_is_built_concurrently_may_wait_as_long_as_it_must()
      throws SQLException, IOException {
    database.execute("CREATE TABLE songs (id int)");
    try (var pod = createAll().limits(500, 500).start();
        var writer = database.connect();
        var statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("INSERT INTO songs VALUES (1)");
      pod.request(1);
      var building = execute(pod.program(), "CREATE INDEX CONCURRENTLY songs_id ON songs (id)");
      await()
          .during(Duration.ofSeconds(4))
          .atMost(TestPod.PATIENCE)
          .until(() -> !building.isDone());
      writer.rollback();

      assertThat(building.join()).isEmpty();
      pod.answer(1, 0, "");
      assertThat(pod.report().outcome()).isEqualTo(Outcome.DONE);
    }
  }

  @Test
  void fault_27_an_index_that_is_built_concurrently_outlives_its_pod_and_the_next_one_waits_for_it()
      throws SQLException, IOException {
    database.execute("CREATE TABLE songs (id int)");
    try (var first = createAll().start();
        var second = createAll();
        var writer = database.connect();
        var statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("INSERT INTO songs VALUES (1)");
      first.request(1);
      var building = execute(first.program(), "CREATE INDEX CONCURRENTLY songs_id ON songs (id)");
      await().atMost(TestPod.PATIENCE).until(this::isBuildingIndex);
      first.stop();

      assertThat(history("job", "outcome")).containsExactly(first.job());
      second.start();
      second.awaitLog("still works: CREATE INDEX CONCURRENTLY songs_id ON songs (id)");
      writer.rollback();
      assertThat(building.join()).isEmpty();
      second.request(1);
      second.answer(1, 0, "");
      assertThat(second.report().outcome()).isEqualTo(Outcome.DONE);
      assertThat(
              database.query(
                  "SELECT indisvalid::text FROM pg_index WHERE indexrelid = 'songs_id'::regclass"))
          .containsExactly("true");
      assertThat(history("job", "outcome"))
          .containsExactly(first.job() + "|JobLost", second.job() + "|Done");
    }
  }

  private boolean isBuildingIndex() {
    return !database
        .query(
            "SELECT 1 FROM pg_stat_progress_create_index WHERE datname = '%s'"
                .formatted(database.name()))
        .isEmpty();
  }

  @Test
  void sessions_of_others_are_left_alone() throws SQLException, IOException {
    database.execute("CREATE TABLE songs (id int)");
    var earlier = database.connect();
    try (var pod = createAll().limits(500, 500).start()) {
      pod.request(1);
      var others = execute(earlier, "SELECT pg_sleep(3)");

      assertThat(others.join()).isEmpty();
      pod.answer(1, 0, "");
      assertThat(pod.report().outcome()).isEqualTo(Outcome.DONE);
    }
  }

  @Test
  void a_lock_whose_connection_is_cut_is_taken_again() throws IOException {
    try (var pod = createAll().start()) {
      pod.request(1);
      database.query(
          ("SELECT pg_terminate_backend(l.pid) " + FENCE_HOLDER).formatted(database.name()));
      pod.awaitLog("the database's lock is held again");
      assertThat(database.query(("SELECT l.pid " + FENCE_HOLDER).formatted(database.name())))
          .hasSize(1);
      pod.answer(1, 0, "");

      assertThat(pod.report().outcome()).isEqualTo(Outcome.DONE);
      assertThat(history("outcome")).containsExactly("Done");
    }
  }

  @Test
  void a_lock_that_somebody_else_took_ends_the_work() throws SQLException, IOException {
    try (var pod = createAll().start()) {
      pod.request(1);
      var working = execute(pod.program(), "SELECT pg_sleep(100)");
      var taking = CompletableFuture.supplyAsync(this::hold, GuardFaultsTest::inBackground);
      await()
          .atMost(TestPod.PATIENCE)
          .until(
              () ->
                  !database
                      .query(
                          "SELECT 1 FROM pg_stat_activity WHERE application_name = 'somebody-else'")
                      .isEmpty());
      database.query(
          ("SELECT pg_terminate_backend(l.pid) " + FENCE_HOLDER).formatted(database.name()));
      try (var _ = taking.join()) {
        var report = pod.report();

        assertThat(report.outcome()).isEqualTo(Outcome.LOCK_LOST);
        assertThat(report.message())
            .endsWith("and the lock is gone: somebody-else works on the database");
        assertThat(working.join()).isEqualTo("57P01");
        assertThat(Files.exists(pod.shared().resolve("stop"))).isTrue();
        assertThat(pod.exitCode()).isEqualTo(25);
      }
    }
  }
}
