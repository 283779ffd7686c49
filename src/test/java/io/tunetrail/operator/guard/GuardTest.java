package io.tunetrail.operator.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.engine.RevisionGraph.Revision;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Report;
import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class GuardTest {
  private final TestDatabase database = TestDatabase.create();

  private TestPod migrate(String from, String target) throws IOException {
    return new TestPod(database, Task.MIGRATE)
        .graph(TestOrders.graph("a1", "b2", "c3"))
        .way(from.isEmpty() ? null : from, target);
  }

  private void versionTable(String... revisions) {
    database.execute("CREATE TABLE IF NOT EXISTS alembic_version (version_num varchar(32))");
    database.execute("DELETE FROM alembic_version");
    for (var revision : revisions) {
      database.execute("INSERT INTO alembic_version VALUES ('" + revision + "')");
    }
  }

  private List<String> history(String columns) {
    return database
        .query("SELECT concat_ws('|', %s) FROM tunetrail.history ORDER BY id".formatted(columns))
        .stream()
        .map(String::valueOf)
        .toList();
  }

  @Test
  void a_migration_runs_alembic_and_believes_the_version_table() throws IOException {
    try (var pod = migrate("", "c3").start()) {
      var request = pod.request(1);
      assertThat(pod.isOpen()).isTrue();
      assertThat(request.path("command").toString()).isEqualTo("[\"alembic\",\"upgrade\",\"c3\"]");
      assertThat(request.path("configuration").asText()).isEqualTo("alembic.ini");
      assertThat(request.path("scripts").asText()).isEqualTo("sha256:scripts");
      assertThat(request.path("environment").path("PGDATABASE").asText())
          .isEqualTo(database.name());
      assertThat(history("job, outcome, worker_address")).containsExactly(pod.job() + "|127.0.0.1");
      versionTable("b2");
      pod.answer(1, 0, "");

      var report = pod.report();
      assertThat(report.outcome()).isEqualTo(Outcome.DONE);
      assertThat(report.from()).isNull();
      assertThat(report.to()).isEqualTo("b2");
      assertThat(report.applied()).isEqualTo(2);
      assertThat(pod.exitCode()).isZero();
      assertThat(history("work, history_schema, from_version, to_version, ancestors, outcome"))
          .containsExactly("migrate|public|b2|{a1,b2}|Done");
      assertThat(
              database.query(
                  "SELECT h.schema_digest = s.fingerprint FROM tunetrail.schema s JOIN"
                      + " tunetrail.history h ON h.id = s.work"))
          .as("what it left is recorded")
          .containsExactly("t");
      assertThat(pod.stop()).isZero();
      assertThat(Report.parse(TestHands.text(pod.folder().resolve("report")))).contains(report);
    }
  }

  @Test
  void fault_45_a_job_that_was_decided_for_another_database_runs_no_program() throws IOException {
    try (var pod = migrate("", "c3").identity("sha256:another").start()) {
      var report = pod.report();
      assertThat(report.outcome()).isEqualTo(Outcome.INPUTS_CHANGED);
      assertThat(report.message()).contains("leads to another database");
      assertThat(database.query("SELECT to_regclass('tunetrail.history')::text"))
          .containsOnlyNulls();
    }
  }

  @Test
  void a_failure_names_what_was_reached_before_it() throws IOException {
    try (var pod = migrate("", "c3").start()) {
      pod.request(1);
      versionTable("a1");
      pod.answer(
          1,
          1,
          "Traceback (most recent call last):\n"
              + "psycopg.errors.UndefinedTable: relation \"x\" does not exist");

      var report = pod.report();
      assertThat(report.outcome()).isEqualTo(Outcome.SQL_FAILED);
      assertThat(report.message()).isEqualTo("relation \"x\" does not exist");
      assertThat(report.to()).isEqualTo("a1");
      assertThat(report.applied()).isEqualTo(1);
      assertThat(pod.exitCode()).isEqualTo(15);
      assertThat(history("to_version, outcome")).containsExactly("a1|MigrationFailed");
      assertThat(database.query("SELECT work FROM tunetrail.schema")).isEmpty();
    }
  }

  @Test
  void each_of_several_targets_has_its_command_until_one_fails() throws IOException {
    var songs = TestOrders.graph("a1", "b2").revisions();
    var bands = TestOrders.graph("x1").revisions();
    var graph =
        new RevisionGraph(
            Stream.concat(songs.stream(), bands.stream()).toList(), "sha256:s", "sha256:e");
    try (var pod = migrate("", "a1,b2,x1").graph(graph).start()) {
      assertThat(pod.request(1).path("command").toString()).contains("\"b2\"");
      versionTable("b2");
      pod.answer(1, 0, "");
      assertThat(pod.request(2).path("command").toString()).contains("\"x1\"");
      pod.answer(2, 255, "FAILED: Can't locate revision identified by 'x1'");

      assertThat(pod.report().outcome()).isEqualTo(Outcome.UNKNOWN_REVISION);
      assertThat(pod.report().to()).isEqualTo("b2");
    }
  }

  @Test
  void nothing_runs_where_the_database_is_not_where_it_was_when_planned() throws IOException {
    versionTable("b2");
    try (var pod = migrate("a1", "c3").start()) {
      var report = pod.report();

      assertThat(report.outcome()).isEqualTo(Outcome.INPUTS_CHANGED);
      assertThat(report.message())
          .isEqualTo("the database is at revision b2, this Job was planned from revision a1");
      assertThat(pod.isOpen()).isTrue();
    }
  }

  @Test
  void nothing_runs_where_the_target_is_reached() throws IOException {
    versionTable("c3");
    try (var pod = migrate("a1", "b2").start()) {
      var report = pod.report();

      assertThat(report.outcome()).isEqualTo(Outcome.DONE);
      assertThat(report.to()).isEqualTo("c3");
      assertThat(report.applied()).isZero();
    }
  }

  @Test
  void fault_31_a_command_that_ends_well_and_changes_nothing_says_so() throws IOException {
    try (var pod = migrate("", "a1").start()) {
      pod.request(1);
      pod.answer(1, 0, "");

      var report = pod.report();
      assertThat(report.outcome()).isEqualTo(Outcome.DONE);
      assertThat(report.to()).isNull();
      assertThat(report.message()).contains("env.py may not call context.run_migrations()");
    }
  }

  @Test
  void nothing_ran_where_the_image_holds_other_revisions() throws IOException {
    try (var pod = migrate("", "a1").start()) {
      pod.request(1);
      pod.answer(1, Map.of("exitCode", 1, "output", "", "scriptsChanged", true));

      assertThat(pod.report().outcome()).isEqualTo(Outcome.INPUTS_CHANGED);
    }
  }

  @Test
  void an_undo_is_done_where_only_another_branch_depends_on_its_target() throws IOException {
    versionTable("x1");
    try (var pod = new TestPod(database, Task.UNDO).graph(depending("a1"))) {
      var report = pod.way("b2,x1", "a1").start().report();
      assertThat(report.outcome()).isEqualTo(Outcome.DONE);
      assertThat(report.applied()).isZero();
    }
  }

  @Test
  void an_undo_takes_back_what_depends_on_what_goes() throws IOException {
    versionTable("x1");
    try (var pod = new TestPod(database, Task.UNDO).graph(depending("b2"))) {
      pod.way("x1", "a1").start();
      assertThat(pod.request(1).path("command").toString()).contains("\"downgrade\",\"a1\"");
      versionTable("a1");
      pod.answer(1, 0, "");
      assertThat(pod.report().applied()).isEqualTo(2);
    }
  }

  /** a1 and b2, and x1 of another branch, which depends on one of them. */
  private static RevisionGraph depending(String on) {
    var other = new Revision("x1", List.of(), List.of(on), List.of(), "plays", "sha256:x");
    return new RevisionGraph(
        Stream.concat(TestOrders.graph("a1", "b2").revisions().stream(), Stream.of(other)).toList(),
        "sha256:s",
        "sha256:e");
  }

  @Test
  void an_undo_goes_down_to_its_target_or_to_the_base() throws IOException {
    versionTable("c3");
    try (var pod = new TestPod(database, Task.UNDO).graph(TestOrders.graph("a1", "b2", "c3"))) {
      pod.way("c3", "a1").start();
      assertThat(pod.request(1).path("command").toString())
          .isEqualTo("[\"alembic\",\"downgrade\",\"a1\"]");
      versionTable("a1");
      pod.answer(1, 0, "");
      assertThat(pod.report().applied()).isEqualTo(2);
    }
    try (var pod = new TestPod(database, Task.UNDO).graph(TestOrders.graph("a1", "b2", "c3"))) {
      pod.way("a1", null).start();
      assertThat(pod.request(1).path("command").toString()).contains("\"downgrade\",\"base\"");
      versionTable();
      pod.answer(1, 0, "");
      assertThat(pod.report().to()).isNull();
    }
    assertThat(history("work, to_version, outcome")).containsExactly("undo|a1|Done", "undo|Done");
  }

  @Test
  void a_program_of_the_user_s_runs_beside_its_guard_and_its_container_reports()
      throws IOException {
    var program = TestHands.python("import os; print('making tables for', os.environ['EDITION'])");
    try (var pod = new TestPod(database, Task.CREATE_ALL).command(program).start();
        var hands = TestHands.beside(awaitOpen(pod).shared())) {
      assertThat(hands.exitCode()).as(hands.log()).isZero();

      assertThat(hands.log()).isEqualTo("making tables for community\n");
      assertThat(Report.parse(hands.report()).orElseThrow().outcome()).isEqualTo(Outcome.DONE);
      assertThat(history("work, inputs_digest, outcome"))
          .containsExactly("create-all|sha256:scripts|Done");
      assertThat(Files.readString(pod.shared().resolve("ca.crt")))
          .isEqualTo(database.server().caPem());
    }
    try (var again = new TestPod(database, Task.CREATE_ALL).command(program).start()) {
      assertThat(again.report().outcome()).isEqualTo(Outcome.DONE);
      assertThat(again.report().applied()).isZero();
    }
  }

  private static TestPod awaitOpen(TestPod pod) {
    await().atMost(TestPod.PATIENCE).until(pod::isOpen);
    return pod;
  }

  @Test
  void fixtures_that_fail_are_named_so() throws IOException {
    try (var pod = new TestPod(database, Task.SEED).start()) {
      pod.request(1);
      pod.answer(1, 1, "bye");

      assertThat(pod.report().outcome()).isEqualTo(Outcome.SEED_FAILED);
      assertThat(history("work, outcome")).containsExactly("seed|SeedFailed");
    }
  }

  @Test
  void the_password_is_in_no_report_and_no_log() throws IOException {
    try (var pod = new TestPod(database, Task.CREATE_ALL).start()) {
      pod.request(1);
      pod.answer(1, 1, "no such host: postgresql://x:" + database.password() + "@db");

      assertThat(pod.report().message()).endsWith("postgresql://x:***@db");
      assertThat(pod.log()).doesNotContain(database.password());
    }
  }

  @Test
  void what_the_program_makes_belongs_to_the_role() throws IOException {
    var role = TestPostgres.uniqueName("the_owner");
    database.server().execute("CREATE ROLE %s".formatted(role));
    database.server().execute("GRANT %s TO %s".formatted(role, database.owner()));
    database
        .server()
        .execute(
            database.name(), "GRANT CREATE ON DATABASE %s TO %s".formatted(database.name(), role));
    try (var pod = new TestPod(database, Task.CREATE_ALL).role(role).start()) {
      assertThat(pod.request(1).path("environment").path("PGOPTIONS").asText())
          .endsWith("-c role=" + role);
      pod.answer(1, 0, "");

      assertThat(pod.report().message()).isNull();
      assertThat(pod.report().outcome()).isEqualTo(Outcome.DONE);
    }
  }
}
