package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.database.Inspector;
import io.tunetrail.operator.database.LookRequest;
import io.tunetrail.operator.engine.ScriptSet;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.WriteAccess;
import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class FenceFaultsTest {
  private static final String SONGS = "CREATE TABLE songs (id int PRIMARY KEY, title text);";
  private static final String INDEX = "CREATE INDEX CONCURRENTLY songs_title ON songs (title);";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestDatabase database = TestDatabase.create();

  private TestJob songs() {
    return TestJob.migrate(database).script("V1__songs.sql", SONGS);
  }

  private TestJob index() {
    return songs().script("V2__index.sql", INDEX).from("1").to("2");
  }

  private void awaitQuery(String like) {
    await().atMost(PATIENCE).until(() -> isActive(like));
  }

  private boolean isActive(String like) {
    return !database
        .query(
            """
            SELECT pid FROM pg_stat_activity
            WHERE state = 'active' AND pid <> pg_backend_pid() AND datname = '%s' AND query LIKE '%s'
            """
                .formatted(database.name(), like))
        .isEmpty();
  }

  @Test
  void fault_20_create_index_concurrently_does_not_hang() {
    var ended =
        songs()
            .script("V2__index.sql", INDEX)
            .script("V3__more.sql", "ALTER TABLE songs ADD year int;")
            .to("3")
            .run();

    assertThat(ended.message()).isEmpty();
    assertThat(ended.report().to()).isEqualTo("3");
    assertThat(
            database.query(
                "SELECT indisvalid FROM pg_index WHERE indexrelid = 'songs_title'::regclass"))
        .containsExactly("t");
    assertThat(database.query("SELECT running_script FROM tunetrail.history"))
        .containsExactly((String) null);
  }

  @Test
  void a_script_is_outside_a_transaction_by_its_configuration_file() {
    var ended =
        TestJob.migrate(database)
            .script("V1__songs.sql", "VACUUM pg_class;\n" + SONGS)
            .script("V1__songs.sql.conf", "executeInTransaction=false\n")
            .to("1")
            .run();

    assertThat(ended.message()).isEmpty();
    assertThat(ended.log()).contains("V1__songs.sql, outside a transaction");
  }

  @Test
  void limits_of_one_script_do_not_reach_the_next_and_scripts_outside_a_transaction_have_none() {
    var note =
        "INSERT INTO limits SELECT current_setting('lock_timeout') || ' ' ||"
            + " current_setting('statement_timeout');";
    var ended =
        TestJob.migrate(database)
            .script("V1__limits.sql", "CREATE TABLE limits (value text);" + note)
            .script("V2__own.sql", "SET lock_timeout = '7s'; SET statement_timeout = '9s';" + note)
            .script("V3__next.sql", note)
            .script("V4__outside.sql", note)
            .script("V4__outside.sql.conf", "executeInTransaction=false")
            .script("V5__next.sql", note)
            .lockTimeout(1234)
            .statementTimeout(45678)
            .to("5")
            .run();

    assertThat(ended.message()).isEmpty();
    assertThat(database.query("SELECT value FROM limits"))
        .containsExactly("1234ms 45678ms", "7s 9s", "1234ms 45678ms", "0 0", "1234ms 45678ms");
  }

  @Test
  void fault_18_a_migration_meets_its_lock_timeout_and_others_queue_no_longer_than_that()
      throws SQLException {
    assertThat(songs().to("1").run().outcome()).isEqualTo(Outcome.DONE);
    var job =
        songs()
            .script("V2__artist.sql", "ALTER TABLE songs ADD artist text;")
            .from("1")
            .to("2")
            .lockTimeout(1500);

    try (var reader = database.connect();
        var statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("SELECT * FROM songs");
      var migration = CompletableFuture.supplyAsync(job::run);
      awaitQuery("ALTER TABLE%");
      long begun = System.nanoTime();
      database.execute("SELECT * FROM songs");
      var queued = Duration.ofNanos(System.nanoTime() - begun);

      var ended = migration.join();
      assertThat(ended.outcome()).isEqualTo(Outcome.LOCK_TIMEOUT);
      assertThat(ended.outcome().healsAlone()).isTrue();
      assertThat(ended.message())
          .isEqualTo("V2__artist.sql, line 1: canceling statement due to lock timeout");
      assertThat(ended.report().to()).isEqualTo("1");
      assertThat(queued).isLessThan(Duration.ofSeconds(10));
      reader.rollback();
    }

    assertThat(job.run().outcome()).isEqualTo(Outcome.DONE);
  }

  @Test
  void a_statement_that_holds_too_long_meets_the_statement_timeout() {
    var ended =
        TestJob.migrate(database)
            .script("V1__slow.sql", "SELECT pg_sleep(60);")
            .statementTimeout(300)
            .to("1")
            .run();

    assertThat(ended.outcome()).isEqualTo(Outcome.STATEMENT_TIMEOUT);
    assertThat(ended.message())
        .startsWith("V1__slow.sql, line 1: canceling statement due to statement timeout");
  }

  @Test
  void fault_21_a_script_cut_off_outside_a_transaction_never_runs_again_by_itself()
      throws SQLException {
    songs().to("1").run();

    try (var writer = database.connect();
        var statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("INSERT INTO songs VALUES (1, 'One')");
      var migration = CompletableFuture.supplyAsync(() -> index().run());
      awaitQuery("CREATE INDEX CONCURRENTLY%");
      database.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s' AND query LIKE 'CREATE INDEX%%' AND pid <> pg_backend_pid()"
              .formatted(database.name()));
      var cut = migration.join();
      writer.rollback();

      assertThat(cut.outcome()).isEqualTo(Outcome.HISTORY_CONFLICT);
      assertThat(cut.message())
          .contains(
              "V2__index.sql",
              "how far it got is not known",
              "invalid indexes: public.songs_title");
    }

    var again = index().run();
    assertThat(again.outcome()).isEqualTo(Outcome.HISTORY_CONFLICT);
    assertThat(again.exitCode()).isEqualTo(11);
    assertThat(again.message())
        .contains(
            "V2__index.sql runs outside a transaction", "Job karaoke-job-", "public.songs_title");

    database.execute("DROP INDEX songs_title");
    var retried = index().retry("looked-at-it").run();
    assertThat(retried.message()).isEmpty();
    assertThat(retried.report().to()).isEqualTo("2");
    assertThat(database.query("SELECT outcome FROM tunetrail.history ORDER BY id"))
        .containsExactly("Done", "Interrupted", "Done");
  }

  @Test
  void a_script_that_failed_outside_a_transaction_runs_again_when_it_is_corrected() {
    var failed =
        songs()
            .script("V2__index.sql", "CREATE INDEX CONCURRENTLY songs_title ON songs (titel);")
            .to("2")
            .run();
    assertThat(failed.outcome()).isEqualTo(Outcome.SQL_FAILED);
    assertThat(failed.message())
        .contains(
            "V2__index.sql, line 1: column \"titel\" does not exist",
            "runs outside a transaction, so what it did before stays");

    var blind =
        songs()
            .script("V2__index.sql", "CREATE INDEX CONCURRENTLY songs_title ON songs (titel);")
            .from("1")
            .to("2")
            .run();
    assertThat(blind.outcome()).isEqualTo(Outcome.HISTORY_CONFLICT);
    assertThat(blind.message())
        .contains(
            "V2__index.sql runs outside a transaction and failed half-way in Job karaoke-job-");

    var corrected = index().run();
    assertThat(corrected.message()).isEmpty();
    assertThat(corrected.outcome()).isEqualTo(Outcome.DONE);
  }

  @Test
  void
      fault_27_a_pod_killed_inside_create_index_concurrently_keeps_the_next_out_until_its_backend_is_gone()
          throws SQLException {
    songs().to("1").run();

    try (var writer = database.connect();
        var statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("INSERT INTO songs VALUES (1, 'One')");
      var first = index().start();
      await()
          .atMost(PATIENCE)
          .failFast(() -> assertThat(first.process().isAlive()).as(first.log()).isTrue())
          .until(() -> isActive("CREATE INDEX CONCURRENTLY%"));
      first.kill();
      var backends =
          database.query(
              "SELECT pid FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%' AND state ="
                  + " 'active'");
      var next = index().run();

      assertThat(backends).as("the killed pod's backend goes on").hasSize(1);
      assertThat(next.outcome()).isEqualTo(Outcome.HISTORY_CONFLICT);
      assertThat(next.message())
          .contains(
              "V2__index.sql runs outside a transaction and was cut off in Job",
              "public.songs_title");
      assertThat(
              database.query("SELECT pid FROM pg_stat_activity WHERE pid = " + backends.getFirst()))
          .isEmpty();
      writer.rollback();
    }

    database.execute("DROP INDEX songs_title");
    assertThat(index().retry("2").run().outcome()).isEqualTo(Outcome.DONE);
  }

  @Test
  void fault_27_a_pod_started_twice_works_once() {
    var job =
        songs()
            .script("V2__slow.sql", "SELECT pg_sleep(1); INSERT INTO songs VALUES (1, 'One');")
            .to("2");

    var ended =
        Stream.of(job.start(), job.start()).toList().stream().map(TestJob.Running::await).toList();

    assertThat(ended).extracting(TestJob.Ended::message).containsOnly("");
    assertThat(ended).extracting(it -> it.report().applied()).containsExactlyInAnyOrder(2, 0);
    assertThat(database.query("SELECT count(*) FROM songs")).containsExactly("1");
  }

  @Test
  void who_waits_too_long_for_the_fence_says_whom_for() {
    var slow = TestJob.migrate(database).script("V1__slow.sql", "SELECT pg_sleep(3);").to("1");
    var holder = CompletableFuture.supplyAsync(slow::run);
    awaitQuery("SELECT pg_sleep%");

    var ended = songs().fenceTimeout(400).to("1").run();

    assertThat(ended.outcome()).isEqualTo(Outcome.LOCK_NOT_OBTAINED);
    assertThat(ended.message())
        .startsWith("tunetrail/karaoke-job-")
        .endsWith(" works on the database");
    assertThat(holder.join().outcome()).isEqualTo(Outcome.DONE);
  }

  @Test
  void work_ends_when_the_fence_is_lost() {
    var slow =
        TestJob.migrate(database)
            .script("V1__slow.sql", "SELECT pg_sleep(100); CREATE TABLE songs (id int);")
            .statementTimeout(0)
            .to("1");
    var migration = CompletableFuture.supplyAsync(slow::run);
    awaitQuery("SELECT pg_sleep%");

    database.query(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND objid = 1953653041 AND database = (SELECT oid FROM pg_database WHERE datname = '%s')"
            .formatted(database.name()));

    assertThat(migration.join().outcome()).isEqualTo(Outcome.CONNECTION_LOST);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                database
                    .query(
                        "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE"
                            + " 'SELECT pg_sleep(100)%'")
                    .equals(List.of()));
  }

  @Test
  void fault_16_a_restart_of_the_server_is_transient_before_during_and_after_a_migration() {
    try (var server = TestPostgres.startOwn()) {
      var own = TestDatabase.createOn(server);
      own.execute("CREATE SCHEMA test; CREATE TABLE test.pause AS SELECT 100 AS seconds");
      var job =
          TestJob.migrate(own)
              .script(
                  "V1__slow.sql",
                  "SELECT pg_sleep(seconds) FROM test.pause; CREATE TABLE songs (id int);")
              .to("1");
      var migration = CompletableFuture.supplyAsync(job::run);
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  !server
                      .query(
                          "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE"
                              + " 'SELECT pg_sleep%'")
                      .isEmpty());

      server.stop();
      var during = migration.join();
      var away = job.run();
      server.resume();
      own.execute("UPDATE test.pause SET seconds = 0");
      var after = job.run();

      assertThat(during.outcome()).isEqualTo(Outcome.CONNECTION_LOST);
      assertThat(away.outcome()).isEqualTo(Outcome.UNREACHABLE);
      assertThat(Stream.of(during, away)).allMatch(it -> it.outcome().healsAlone());
      assertThat(after.message()).isEmpty();
      assertThat(after.report().to()).isEqualTo("1");
      assertThat(own.query("SELECT outcome FROM tunetrail.history ORDER BY id"))
          .containsExactly("JobLost", "Done");
    }
  }

  @Test
  void fault_17_a_replica_is_refused_and_nothing_runs() {
    try (var server = TestPostgres.startOwn()) {
      var own = TestDatabase.createOn(server);
      server.stop();
      server.resumeAsReplica();

      var ended = TestJob.migrate(own).script("V1__songs.sql", SONGS).to("1").run();
      var look =
          new Inspector()
              .look(own.settings(), new LookRequest("uid-1", null, null, new ScriptSet(List.of())));

      assertThat(ended.outcome()).isEqualTo(Outcome.READ_ONLY_REPLICA);
      assertThat(ended.message()).isEqualTo("the server is a replica and takes no changes");
      assertThat(look)
          .isInstanceOfSatisfying(
              Look.Seen.class,
              seen -> {
                assertThat(seen.facts().inRecovery()).isTrue();
                assertThat(seen.facts().writeAccess()).isEqualTo(WriteAccess.IN_RECOVERY);
              });
    }
  }
}
