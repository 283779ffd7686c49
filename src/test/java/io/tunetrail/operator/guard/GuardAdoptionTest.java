package io.tunetrail.operator.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Databases that have tables and no version table. */
@Timeout(180)
class GuardAdoptionTest {
  private static final String SONGS = "CREATE TABLE songs (id int PRIMARY KEY, title text)";
  private static final String VERSION =
      "CREATE TABLE alembic_version (version_num varchar(32)); INSERT INTO alembic_version VALUES"
          + " ('b2')";

  private final TestDatabase database = TestDatabase.create();

  private TestPod adopt() throws IOException {
    return new TestPod(database, Task.BASELINE)
        .graph(TestOrders.graph("a1", "b2", "c3"))
        .way(null, "b2");
  }

  private void allowScratch() {
    database.server().execute("ALTER ROLE %s CREATEDB".formatted(database.owner()));
  }

  /** The database that a request's environment points at. */
  private TestDatabase of(JsonNode request) {
    var name = request.path("environment").path("PGDATABASE").asText();
    return new TestDatabase(database.server(), name, database.owner(), database.password());
  }

  @Test
  void a_database_whose_tables_are_those_of_the_version_is_stamped() throws IOException {
    allowScratch();
    database.execute(SONGS);
    try (var pod = adopt().start()) {
      var upgrade = pod.request(1);
      assertThat(upgrade.path("command").toString()).isEqualTo("[\"alembic\",\"upgrade\",\"b2\"]");
      var scratch = of(upgrade);
      assertThat(scratch.name()).isNotEqualTo(database.name());
      assertThat(upgrade.path("environment").path("DSN").asText()).contains(scratch.name());
      assertThat(upgrade.path("environment").path("PGOPTIONS").asText())
          .endsWith("-c search_path=\"public\"");
      scratch.execute(SONGS);
      scratch.execute(VERSION);
      pod.answer(1, 0, "");

      var stamp = pod.request(2);
      assertThat(stamp.path("command").toString()).isEqualTo("[\"alembic\",\"stamp\",\"b2\"]");
      assertThat(of(stamp).name()).isEqualTo(database.name());
      database.execute(VERSION);
      pod.answer(2, 0, "");

      var report = pod.report();
      assertThat(report.message()).isNull();
      assertThat(report.outcome()).isEqualTo(Outcome.DONE);
      assertThat(report.to()).isEqualTo("b2");
      assertThat(
              database.query(
                  "SELECT concat_ws('|', work, to_version, ancestors, outcome) FROM"
                      + " tunetrail.history"))
          .containsExactly("baseline|b2|{a1,b2}|Done");
      assertThat(
              database.query("SELECT 1 FROM pg_database WHERE datname = '" + scratch.name() + "'"))
          .isEmpty();
    }
  }

  @Test
  void a_database_whose_tables_differ_is_left_as_it_is_and_the_differences_are_named()
      throws IOException {
    allowScratch();
    database.execute(SONGS);
    try (var pod = adopt().start()) {
      var scratch = of(pod.request(1));
      scratch.execute(SONGS + "; ALTER TABLE songs ADD year int");
      pod.answer(1, 0, "");

      var report = pod.report();
      assertThat(report.outcome()).isEqualTo(Outcome.SCHEMA_DIFFERS);
      assertThat(report.message())
          .startsWith("the tables are not those of revision b2, 1 difference: ")
          .contains("songs", "year");
      assertThat(database.query("SELECT to_regnamespace('tunetrail')"))
          .containsExactly((String) null);
    }
  }

  /** At the image's newest revision, where its models count too. */
  private TestPod adoptNewest() throws IOException {
    return new TestPod(database, Task.BASELINE).graph(TestOrders.graph("a1", "b2")).way(null, "b2");
  }

  /** What the hands answer to a check that could compare. */
  private static void checked(TestPod pod, int number, String differences) throws IOException {
    Files.writeString(
        pod.shared().resolve("differences.json"),
        "{\"differences\": [%s], \"besides\": [\"table other is not in the models\"]}"
            .formatted(differences));
    pod.answer(number, 0, "");
  }

  private static void assertChecksLive(TestPod pod, JsonNode request, TestDatabase live) {
    assertThat(request.path("command").toString())
        .isEqualTo(
            "[\"python\",\"%s\",\"alembic\",\"check\"]"
                .formatted(pod.shared().resolve("checks.py")));
    var environment = request.path("environment");
    assertThat(environment.path("PGDATABASE").asText()).isEqualTo(live.name());
    assertThat(environment.path("PGOPTIONS").asText())
        .endsWith("-c default_transaction_read_only=on");
    assertThat(environment.path("TUNETRAIL_UNSTAMPED").asText()).isEqualTo("1");
    assertThat(request.path("scripts").asText()).isEqualTo("sha256:scripts");
    assertThat(pod.shared().resolve("checks.py")).exists();
  }

  private void makeScratch(TestPod pod) throws IOException {
    var scratch = of(pod.request(1));
    scratch.execute(SONGS);
    scratch.execute(VERSION);
    pod.answer(1, 0, "");
  }

  @Test
  void at_the_newest_revision_the_models_are_asked_too_before_the_database_is_stamped()
      throws IOException {
    allowScratch();
    database.execute(SONGS);
    try (var pod = adoptNewest().start()) {
      makeScratch(pod);
      assertChecksLive(pod, pod.request(2), database);
      checked(pod, 2, "");
      assertThat(pod.request(3).path("command").toString())
          .isEqualTo("[\"alembic\",\"stamp\",\"b2\"]");
      database.execute(VERSION);
      pod.answer(3, 0, "");

      assertThat(pod.report().outcome()).isEqualTo(Outcome.DONE);
    }
  }

  @Test
  void models_that_differ_refuse_it_and_are_named() throws IOException {
    allowScratch();
    database.execute(SONGS);
    try (var pod = adoptNewest().start()) {
      makeScratch(pod);
      pod.request(2);
      checked(pod, 2, "\"table moods is missing\", \"column songs.year is missing\"");

      var report = pod.report();
      assertThat(report.outcome()).isEqualTo(Outcome.SCHEMA_DIFFERS);
      assertThat(report.message())
          .contains("those of revision b2 and not those of the image's models", "generate")
          .endsWith("2 differences: table moods is missing; column songs.year is missing");
      assertThat(database.query("SELECT to_regnamespace('tunetrail')"))
          .containsExactly((String) null);
    }
  }

  @Test
  void without_a_scratch_database_models_that_agree_will_do() throws IOException {
    database.execute(SONGS);
    try (var pod = adoptNewest().start()) {
      assertChecksLive(pod, pod.request(1), database);
      checked(pod, 1, "");
      pod.request(2);
      database.execute(VERSION);
      pod.answer(2, 0, "");

      assertThat(pod.report().outcome()).isEqualTo(Outcome.DONE);
      assertThat(pod.log()).contains("compared with the image's models alone", "CREATEDB");
    }
  }

  @Test
  void without_a_scratch_database_models_that_differ_refuse_it() throws IOException {
    database.execute(SONGS);
    try (var pod = adoptNewest().start()) {
      pod.request(1);
      checked(pod, 1, "\"column songs.year is missing\"");

      assertThat(pod.report().message())
          .isEqualTo(
              "the tables are not those of the image's models, 1 difference: column songs.year is"
                  + " missing");
    }
  }

  @Test
  void without_a_scratch_database_and_without_models_the_missing_grant_is_named()
      throws IOException {
    database.execute(SONGS);
    try (var pod = adoptNewest().start()) {
      pod.request(1);
      pod.answer(1, 255, "FAILED: env.py does not provide a MetaData object");

      var report = pod.report();
      assertThat(report.outcome()).isEqualTo(Outcome.SCRATCH_UNAVAILABLE);
      assertThat(report.message()).contains("CREATEDB");
    }
  }

  @Test
  void revisions_that_changed_since_are_not_adopted_by_their_models() throws IOException {
    database.execute(SONGS);
    try (var pod = adoptNewest().start()) {
      pod.request(1);
      pod.answer(1, Map.of("exitCode", 1, "output", "", "scriptsChanged", true));

      assertThat(pod.report().outcome()).isEqualTo(Outcome.INPUTS_CHANGED);
    }
  }

  @Test
  void without_the_right_to_make_databases_the_missing_grant_is_named() throws IOException {
    database.execute(SONGS);
    try (var pod = adopt().start()) {
      var report = pod.report();

      assertThat(report.outcome()).isEqualTo(Outcome.SCRATCH_UNAVAILABLE);
      assertThat(report.message()).contains("CREATEDB");
    }
  }

  @Test
  void a_server_for_scratch_databases_may_be_named() throws IOException {
    database.execute(SONGS);
    var other = TestDatabase.create();
    other.server().execute("ALTER ROLE %s CREATEDB".formatted(other.owner()));
    try (var pod = adopt().scratch(other).start()) {
      var upgrade = pod.request(1);

      assertThat(upgrade.path("environment").path("PGUSER").asText()).isEqualTo(other.owner());
      assertThat(upgrade.path("environment").path("PGSSLROOTCERT").asText())
          .endsWith("scratch-ca.crt");
      pod.answer(1, 1, "psycopg.errors.SyntaxError: syntax error at or near \"x\"");
      var report = pod.report();
      assertThat(report.outcome()).isEqualTo(Outcome.SQL_FAILED);
      assertThat(report.message())
          .isEqualTo("on the scratch database: syntax error at or near \"x\"");
    }
  }

  @Test
  void an_extension_that_a_revision_makes_itself_is_left_to_it() throws IOException {
    allowScratch();
    database.execute(SONGS);
    try (var pod = adopt().start()) {
      var first = of(pod.request(1));
      pod.answer(1, 1, "psycopg.errors.DuplicateObject: extension \"citext\" already exists");
      var second = of(pod.request(2));

      assertThat(second.name()).isNotEqualTo(first.name());
      pod.answer(2, 1, "psycopg.errors.DuplicateObject: extension \"citext\" already exists");
      assertThat(pod.report().message())
          .startsWith("on the scratch database: extension \"citext\" already exists");
    }
  }

  @Test
  void an_empty_database_is_not_adopted() throws IOException {
    try (var pod = adopt().start()) {
      var report = pod.report();

      assertThat(report.outcome()).isEqualTo(Outcome.INPUTS_CHANGED);
      assertThat(report.message()).isEqualTo("there are no tables to adopt, the schema is empty");
    }
  }

  @Test
  void a_database_that_has_the_version_by_now_is_done() throws IOException {
    database.execute(SONGS);
    database.execute(VERSION);
    try (var pod = adopt().start()) {
      assertThat(pod.report().outcome()).isEqualTo(Outcome.DONE);
    }
  }

  @Test
  void a_history_that_tells_of_less_is_stamped_on_after_a_comparison() throws IOException {
    allowScratch();
    database.execute(SONGS);
    database.execute(VERSION.replace("b2", "a1"));
    try (var pod = adopt().way("a1", "b2").start()) {
      var scratch = of(pod.request(1));
      scratch.execute(SONGS);
      pod.answer(1, 0, "");

      assertThat(pod.request(2).path("command").toString())
          .isEqualTo("[\"alembic\",\"stamp\",\"b2\"]");
      database.execute("UPDATE alembic_version SET version_num = 'b2'");
      pod.answer(2, 0, "");

      assertThat(pod.report().to()).isEqualTo("b2");
      assertThat(
              database.query(
                  "SELECT concat_ws('|', work, from_version, to_version, ancestors, outcome) FROM"
                      + " tunetrail.history"))
          .containsExactly("baseline|a1|b2|{a1,b2}|Done");
    }
  }

  @Test
  void a_revision_that_the_image_does_not_have_is_purged_after_a_comparison() throws IOException {
    allowScratch();
    database.execute(SONGS);
    database.execute(VERSION.replace("b2", "zz"));
    try (var pod = adopt().way("zz", "b2").start()) {
      var scratch = of(pod.request(1));
      scratch.execute(SONGS);
      pod.answer(1, 0, "");

      assertThat(pod.request(2).path("command").toString())
          .isEqualTo("[\"alembic\",\"stamp\",\"--purge\",\"b2\"]");
      database.execute("UPDATE alembic_version SET version_num = 'b2'");
      pod.answer(2, 0, "");

      assertThat(pod.report().from()).isEqualTo("zz");
      assertThat(pod.report().to()).isEqualTo("b2");
    }
  }
}
