package io.tunetrail.operator.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a person asks an image's Alembic for: it never writes to the live database. */
@Timeout(180)
class GuardDraftsTest {
  private static final String SONGS = "CREATE TABLE songs (id int PRIMARY KEY, title text)";

  private final TestDatabase database = TestDatabase.create();

  private void allowScratch() {
    database.server().execute("ALTER ROLE %s CREATEDB".formatted(database.owner()));
  }

  private TestDatabase of(JsonNode request) {
    var name = request.path("environment").path("PGDATABASE").asText();
    return new TestDatabase(database.server(), name, database.owner(), database.password());
  }

  /** The hands write a first revision and run it. */
  private static void draft(TestPod pod, TestDatabase scratch, String sql) throws IOException {
    Files.writeString(pod.shared().resolve("drafted.json"), "true");
    scratch.execute(sql);
    scratch.execute("CREATE TABLE alembic_version (version_num varchar(32))");
    pod.answer(1, 0, "");
  }

  private void assertScratchIsGone(TestDatabase scratch) {
    assertThat(scratch.name()).startsWith("tunetrail_scratch_");
    assertThat(database.query("SELECT 1 FROM pg_database WHERE datname = '" + scratch.name() + "'"))
        .isEmpty();
    assertThat(database.query("SELECT to_regnamespace('tunetrail')"))
        .containsExactly((String) null);
  }

  @Test
  void a_first_revision_that_makes_what_the_database_has_is_right() throws IOException {
    allowScratch();
    database.execute(SONGS);
    try (var pod = new TestPod(database, Task.SETUP).start()) {
      var scratch = of(pod.request(1));
      draft(pod, scratch, SONGS);

      assertThat(pod.report().outcome()).isEqualTo(Outcome.DONE);
      assertScratchIsGone(scratch);
    }
  }

  @Test
  void where_a_first_revision_and_the_database_differ_is_said_in_both_directions()
      throws IOException {
    allowScratch();
    database.execute(SONGS + "; CREATE TABLE bands (id int)");
    try (var pod = new TestPod(database, Task.SETUP).start()) {
      var scratch = of(pod.request(1));
      draft(pod, scratch, SONGS + "; ALTER TABLE songs ADD year int");

      var report = pod.report();
      assertThat(report.outcome()).isEqualTo(Outcome.SCHEMA_DIFFERS);
      assertThat(report.message())
          .contains("adopting it would be refused")
          .endsWith(
              "2 differences: column songs.year is missing; table bands is not in the models");
      assertScratchIsGone(scratch);
    }
  }

  @Test
  void an_empty_database_has_nothing_that_a_first_revision_must_match() throws IOException {
    allowScratch();
    try (var pod = new TestPod(database, Task.SETUP).start()) {
      draft(pod, of(pod.request(1)), SONGS);

      assertThat(pod.report().outcome()).isEqualTo(Outcome.DONE);
    }
  }

  @Test
  void a_first_revision_that_does_not_run_is_told_from_one_that_is_not_written()
      throws IOException {
    allowScratch();
    try (var pod = new TestPod(database, Task.SETUP).start()) {
      var scratch = of(pod.request(1));
      Files.writeString(pod.shared().resolve("drafted.json"), "true");
      pod.answer(1, 1, "NameError: name 'pgvector' is not defined");

      var report = pod.report();
      assertThat(report.message())
          .startsWith("the first revision does not run as it is: ")
          .contains("pgvector");
      assertScratchIsGone(scratch);
    }
    try (var pod = new TestPod(database, Task.SETUP).start()) {
      pod.request(1);
      pod.answer(1, 1, "ModuleNotFoundError: No module named 'models'");

      assertThat(pod.report().message())
          .contains("No module named 'models'")
          .doesNotContain("first revision");
    }
  }

  @Test
  void a_check_compares_at_the_revision_that_the_database_has() throws IOException {
    database.execute(SONGS);
    try (var pod = new TestPod(database, Task.CHECK).start()) {
      var environment = pod.request(1).path("environment");
      assertThat(environment.path("TUNETRAIL_UNSTAMPED").asText()).isEqualTo("0");
      assertThat(environment.path("PGOPTIONS").asText())
          .endsWith("-c default_transaction_read_only=on");
      Files.writeString(
          pod.shared().resolve("differences.json"),
          "{\"differences\": [], \"besides\": [\"table songs is not in the models\"]}");
      pod.answer(1, 0, "");

      assertThat(pod.report().outcome()).isEqualTo(Outcome.SCHEMA_DIFFERS);
    }
  }

  @Test
  void a_pod_that_ends_takes_its_scratch_database_along() throws IOException {
    allowScratch();
    try (var pod = new TestPod(database, Task.GENERATE).start()) {
      var scratch = of(pod.request(1));
      pod.stop();

      assertThat(pod.report().outcome()).isEqualTo(Outcome.LOST);
      assertScratchIsGone(scratch);
    }
  }
}
