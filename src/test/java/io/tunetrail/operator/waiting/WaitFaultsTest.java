package io.tunetrail.operator.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong while a pod waits, and what it costs. */
@Timeout(120)
class WaitFaultsTest {
  private static final int GAVE_UP = 24;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final TestDatabase database = TestDatabase.create();
  private final TestWork work = new TestWork(database);
  private final TestPod pod = new TestPod(database);

  private void awaitLine(String words) {
    await().atMost(PATIENCE).until(() -> pod.log().contains(words));
  }

  @Test
  void a_grant_that_was_taken_away_is_named() {
    work.migrated("public", "Done", "7");
    database.execute("REVOKE USAGE ON SCHEMA tunetrail FROM PUBLIC");
    var role = TestPostgres.uniqueName("reader");
    database.server().newRole(role, "x");

    var exit = pod.secret("username", role).secret("password", "x").waitsFor("7").start();
    awaitLine(
        "permission denied for schema tunetrail. As the owner run: GRANT USAGE ON SCHEMA tunetrail"
            + " TO PUBLIC; GRANT SELECT ON tunetrail.history TO PUBLIC;");
    database.execute("GRANT USAGE ON SCHEMA tunetrail TO PUBLIC");

    assertThat(exit.join()).isZero();
  }

  @Test
  void a_wrong_password_is_said_and_the_rotated_one_is_used_and_none_is_printed() {
    work.migrated("public", "Done", "7");
    var exit = pod.secret("password", "st@le secret").waitsFor("7").start();
    awaitLine("password authentication failed for user \"%s\"".formatted(database.owner()));

    pod.secret("password", database.password());

    assertThat(exit.join()).isZero();
    assertThat(pod.log()).doesNotContain("st@le secret", database.password());
  }

  @Test
  void a_password_is_masked_whoever_says_it() {
    var role = TestPostgres.uniqueName("reader");
    database.server().newRole(role, "swordfish");
    pod.secret("username", role).secret("password", "swordfish").secret("database", "no_swordfish");

    assertThat(pod.waitsFor("7").atMost("0s").run()).isEqualTo(GAVE_UP);

    assertThat(pod.log())
        .contains("database \"no_***\" does not exist")
        .doesNotContain("swordfish");
  }

  @Test
  void a_server_that_comes_back_is_asked_again() {
    try (var server = TestPostgres.startOwn()) {
      var own = TestDatabase.createOn(server);
      new TestWork(own).migrated("public", "Done", "1");
      var waiting = new TestPod(own).waitsFor("2");
      var exit = waiting.start();
      await().atMost(PATIENCE).until(() -> waiting.log().contains("the database is at 1"));
      server.stop();
      await()
          .atMost(PATIENCE)
          .until(() -> waiting.log().contains("localhost:%d refused".formatted(server.port())));
      server.resume();
      new TestWork(own).migrated("public", "Done", "1", "2");

      assertThat(exit.join()).isZero();
    }
  }

  @Test
  void a_server_that_never_answers_does_not_outlast_the_deadline() throws IOException {
    try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      pod.secret("port", Integer.toString(silent.getLocalPort())).waitsFor("7").atMost("1s");
      long begin = System.nanoTime();

      assertThat(pod.run()).isEqualTo(GAVE_UP);

      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(6));
      assertThat(pod.log()).contains("waiting for version 7: localhost:" + silent.getLocalPort());
    }
  }

  @Test
  void questions_leave_no_trace_and_hold_no_snapshot() throws SQLException {
    var exit = pod.waitsFor("7").start();
    awaitLine("there is no tunetrail.history yet");
    assertThat(database.query("SELECT 1 FROM pg_namespace WHERE nspname = 'tunetrail'")).isEmpty();

    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE songs (title text)");
      statement.execute("CREATE INDEX CONCURRENTLY ON songs (title)");
    }

    work.migrated("public", "Done", "7");
    assertThat(exit.join()).isZero();
  }

  @Test
  void its_start_loads_neither_flyway_nor_json_and_a_signal_ends_it_at_once(@TempDir Path folder)
      throws IOException {
    work.migrated("public", "Done", "5");
    var classes = folder.resolve("classes");
    var process = pod.waitsFor("7").startProcess(classes);
    await().atMost(PATIENCE).until(() -> pod.processLog().contains("the database is at 5"));

    process.destroy();

    assertThat(process.onExit().orTimeout(10, TimeUnit.SECONDS).join())
        .extracting(Process::exitValue)
        .isEqualTo(143);
    assertThat(Files.readAllLines(classes))
        .filteredOn(it -> it.contains(" org.flywaydb.") || it.contains(" com.fasterxml."))
        .allMatch(
            it -> it.matches(".* org.flywaydb.core.api.(MigrationVersion|FlywayException) .*"))
        .isNotEmpty();
  }
}
