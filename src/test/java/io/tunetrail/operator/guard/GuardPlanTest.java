package io.tunetrail.operator.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tunetrail.operator.analysis.PlannedStatement;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.PlanFrame;
import io.tunetrail.operator.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The SQL of an image's revisions; a test plays its Alembic. */
@Timeout(180)
class GuardPlanTest {
  private final TestDatabase database = TestDatabase.create();

  private TestPod pod() throws IOException {
    return new TestPod(database, Task.PLAN)
        .graph(TestOrders.graph("a1", "b2"))
        .way("a1", "b2")
        .start();
  }

  private void atRevision(String revision) {
    database.execute(
        "CREATE TABLE alembic_version (version_num varchar(32)); INSERT INTO alembic_version VALUES ('%s')"
            .formatted(revision));
  }

  private static List<String> command(JsonNode request) {
    return StreamSupport.stream(request.path("command").spliterator(), false)
        .map(JsonNode::asText)
        .toList();
  }

  private static void tell(TestPod pod, int number, String revisions, String sql)
      throws IOException {
    Files.writeString(
        pod.shared().resolve("plan.json"),
        """
        {"heads": ["b2"], "revisions": [%s], "statements": [
          {"script": "b2_songs.py", "version": "b2", "sql": "%s", "transactional": true}]}
        """
            .formatted(revisions, sql));
    pod.answer(number, 0, "");
  }

  private static List<PlannedStatement> statements(TestPod pod) throws IOException {
    assertThat(pod.report().outcome()).as(pod.log()).isEqualTo(Outcome.DONE);
    return PlanFrame.parse(pod.log()).orElseThrow().statements();
  }

  private void allowScratch() {
    database.server().execute("ALTER ROLE %s CREATEDB".formatted(database.owner()));
  }

  @Test
  void alembic_tells_the_sql_without_writing_to_the_database() throws IOException {
    atRevision("a1");
    try (var pod = pod()) {
      var request = pod.request(1);
      assertThat(command(request)).endsWith("offline", "alembic", "upgrade", "--sql", "a1:b2");
      assertThat(request.path("scripts").asText()).isEqualTo("sha256:scripts");
      assertThat(request.path("environment").path("TUNETRAIL_FROM").asText()).isEqualTo("a1");
      assertThat(request.path("environment").path("PGOPTIONS").asText())
          .endsWith("-c default_transaction_read_only=on");
      tell(pod, 1, "\"b2\"", "ALTER TABLE songs ADD genre text");

      assertThat(statements(pod))
          .containsExactly(
              new PlannedStatement("b2_songs.py", "b2", "ALTER TABLE songs ADD genre text", true));
      assertThat(database.query("SELECT to_regnamespace('tunetrail')"))
          .containsExactly((String) null);
    }
  }

  @Test
  void a_project_that_needs_a_database_gets_its_plan_from_a_run_on_scratch() throws IOException {
    allowScratch();
    atRevision("a1");
    try (var pod = pod()) {
      pod.request(1);
      pod.answer(1, 1, "AttributeError: 'NoneType' object has no attribute 'fetchall'");
      var before = pod.request(2);
      assertThat(command(before)).containsExactly("alembic", "upgrade", "a1");
      assertThat(before.path("environment").path("PGDATABASE").asText())
          .startsWith("tunetrail_scratch_");
      pod.answer(2, 0, "");
      var request = pod.request(3);
      assertThat(command(request)).endsWith("executed", "alembic", "upgrade", "b2");
      assertThat(request.path("environment").path("PGDATABASE"))
          .isEqualTo(before.path("environment").path("PGDATABASE"));
      tell(pod, 3, "\"b2\"", "CREATE INDEX i ON songs (id)");

      assertThat(statements(pod))
          .extracting(PlannedStatement::sql)
          .containsExactly("CREATE INDEX i ON songs (id)");
    }
  }

  @Test
  void an_env_py_that_runs_nothing_offline_is_found_out() throws IOException {
    allowScratch();
    try (var pod =
        new TestPod(database, Task.PLAN)
            .graph(TestOrders.graph("a1", "b2"))
            .way(null, "b2")
            .start()) {
      assertThat(command(pod.request(1))).endsWith("--sql", "base:b2");
      tell(pod, 1, "\"b2\"", "SELECT 1");
      assertThat(command(pod.request(2))).endsWith("executed", "alembic", "upgrade", "b2");
      tell(pod, 2, "\"a1\", \"b2\"", "SELECT 2");

      assertThat(statements(pod)).extracting(PlannedStatement::sql).containsExactly("SELECT 2");
    }
  }

  @Test
  void where_neither_tells_anything_there_is_no_plan() throws IOException {
    atRevision("a1");
    try (var pod = pod()) {
      pod.request(1);
      pod.answer(1, 1, "NameError: name 'run_migrations_offline' is not defined");

      var report = pod.report();
      assertThat(report.outcome()).isEqualTo(Outcome.PLAN_UNAVAILABLE);
      assertThat(report.message()).contains("run_migrations_offline", "ALTER ROLE", "CREATEDB");
      assertThat(PlanFrame.parse(pod.log())).isEmpty();
    }
  }

  @Test
  void fault_44_an_image_with_other_revisions_is_not_planned() throws IOException {
    atRevision("a1");
    try (var pod = pod()) {
      pod.request(1);
      pod.answer(1, Map.of("exitCode", 1, "output", "", "scriptsChanged", true));

      assertThat(pod.report().outcome()).isEqualTo(Outcome.INPUTS_CHANGED);
    }
  }

  @Test
  void a_database_that_moved_is_not_planned() throws IOException {
    atRevision("b2");
    try (var pod = pod()) {
      assertThat(pod.report().outcome()).isEqualTo(Outcome.INPUTS_CHANGED);
    }
  }
}
