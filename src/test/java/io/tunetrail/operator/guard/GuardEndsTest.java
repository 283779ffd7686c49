package io.tunetrail.operator.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Report;
import io.tunetrail.operator.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards and programs that end before their time. */
@Timeout(180)
class GuardEndsTest {
  private final TestDatabase database = TestDatabase.create();

  private TestPod createAll() {
    return new TestPod(database, Task.CREATE_ALL).command(List.of("make-tables"));
  }

  private List<String> history() {
    return database
        .query("SELECT concat_ws('|', job, outcome) FROM tunetrail.history ORDER BY id")
        .stream()
        .map(String::valueOf)
        .toList();
  }

  /** A guard's container as a process of its own. */
  private static Process process(TestPod pod) {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "io.tunetrail.operator.RunnerMain",
            "guard");
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(pod.folder().resolve("log").toFile());
    builder.environment().putAll(pod.variables());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int ended(Process process) throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private Connection busy(TestPod pod) throws SQLException {
    var connection = pod.program();
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE half_done ()");
    }
    return connection;
  }

  private boolean isBusy() {
    return !database
        .query(
            "SELECT 1 FROM pg_stat_activity WHERE datname = '%s' AND state LIKE 'idle in%%'"
                .formatted(database.name()))
        .isEmpty();
  }

  @Test
  void a_pod_that_ends_before_its_program_leaves_nothing_at_work_and_a_closed_row()
      throws Exception {
    try (var pod = createAll()) {
      var guard = process(pod);
      pod.request(1);
      try (var _ = busy(pod)) {
        guard.destroy();

        assertThat(ended(guard)).isZero();
        assertThat(isBusy()).isFalse();
        assertThat(history()).containsExactly(pod.job() + "|JobLost");
        var own = Report.parse(Files.readString(pod.folder().resolve("report"))).orElseThrow();
        assertThat(own.outcome()).isEqualTo(Outcome.LOST);
      }
    }
  }

  @Test
  void a_pod_that_ends_while_its_guard_waits_ends_at_once() throws Exception {
    try (var first = createAll().start();
        var second = createAll()) {
      first.request(1);
      var guard = process(second);
      await()
          .atMost(TestPod.PATIENCE)
          .until(
              () ->
                  !database
                      .query(
                          "SELECT 1 FROM pg_stat_activity WHERE application_name = 'tunetrail/%s'"
                              .formatted(second.job()))
                      .isEmpty());
      guard.destroy();

      assertThat(ended(guard)).isZero();
      assertThat(history()).containsExactly(first.job());
      first.answer(1, 0, "");
      assertThat(first.report().outcome()).isEqualTo(Outcome.DONE);
    }
  }

  @Test
  void a_guard_whose_work_is_done_ends_with_the_pod() throws Exception {
    try (var pod = createAll()) {
      var guard = process(pod);
      pod.request(1);
      pod.answer(1, 0, "");
      assertThat(pod.report().outcome()).isEqualTo(Outcome.DONE);
      await().atMost(TestPod.PATIENCE).until(() -> history().equals(List.of(pod.job() + "|Done")));
      assertThat(database.query("SELECT count(*) FROM tunetrail.schema")).containsExactly("1");
      guard.destroy();

      assertThat(ended(guard)).isZero();
    }
  }

  @Test
  void a_guard_that_is_started_again_in_the_middle_ends_the_work() throws Exception {
    try (var pod = createAll()) {
      var guard = process(pod);
      pod.request(1);
      try (var program = busy(pod)) {
        guard.destroyForcibly();
        ended(guard);
        pod.start();

        var report = pod.report();
        assertThat(report.outcome()).isEqualTo(Outcome.LOCK_LOST);
        assertThat(report.message()).startsWith("the guard was started again");
        assertThat(pod.shared().resolve("stop")).exists();
        assertThat(isBusy()).isFalse();
        assertThat(program.isValid(1)).isFalse();
        assertThat(history()).containsExactly(pod.job() + "|JobLost");
        await().atMost(TestPod.PATIENCE).until(pod::isOpen);
      }
    }
  }

  @Test
  void a_guard_that_is_started_again_after_the_end_says_nothing_more() throws Exception {
    try (var pod = createAll()) {
      var guard = process(pod);
      pod.request(1);
      pod.answer(1, 0, "");
      pod.report();
      await().atMost(TestPod.PATIENCE).until(() -> Files.exists(pod.shared().resolve("ended")));
      guard.destroyForcibly();
      ended(guard);
      Files.delete(pod.shared().resolve("report.json"));
      pod.start();

      await().atMost(TestPod.PATIENCE).until(pod::isOpen);
      assertThat(pod.shared().resolve("report.json")).doesNotExist();
      assertThat(history()).containsExactly(pod.job() + "|Done");
    }
  }

  @Test
  void fault_27_the_next_pod_waits_until_the_killed_pod_s_program_does_nothing_any_more()
      throws Exception {
    try (var first = createAll();
        var second = createAll()) {
      var guard = process(first);
      first.request(1);
      try (var program = busy(first)) {
        guard.destroyForcibly();
        ended(guard);
        second.start();
        second.awaitLog("of Job " + first.job() + " still works: CREATE TABLE half_done ()");
        await()
            .during(Duration.ofSeconds(1))
            .atMost(TestPod.PATIENCE)
            .until(() -> !second.isOpen());
        program.rollback();
      }
      second.request(1);
      second.answer(1, 0, "");

      assertThat(second.report().outcome()).isEqualTo(Outcome.DONE);
      assertThat(history()).containsExactly(first.job() + "|JobLost", second.job() + "|Done");
    }
  }

  @Test
  void what_a_command_leaves_at_work_is_ended_with_it() throws Exception {
    try (var pod = createAll().start()) {
      pod.request(1);
      try (var _ = busy(pod)) {
        pod.answer(1, 1, "bye");

        assertThat(pod.report().outcome()).isEqualTo(Outcome.PROGRAM_FAILED);
        assertThat(isBusy()).isFalse();
      }
    }
  }
}
