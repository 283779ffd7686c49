package io.tunetrail.operator.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestPostgres;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting for what the engines' own histories say. */
@Timeout(120)
class WaitEngineTest {
  private static final int GAVE_UP = 24;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final TestDatabase database = TestDatabase.create();
  private final TestWork work = new TestWork(database);
  private final TestEngine engine = new TestEngine(database);
  private final TestPod pod = new TestPod(database);

  private void awaitLine(String words) {
    await().atMost(PATIENCE).until(() -> pod.log().contains(words));
  }

  private void assertThere(String version) {
    assertThat(pod.waitsFor(version).run()).as(version).isZero();
  }

  private void assertNotThere(String version) {
    assertThat(pod.waitsFor(version).atMost("0s").run()).as(version).isEqualTo(GAVE_UP);
    pod.atMost("60s");
  }

  /** The pod's role from then on. */
  private String reader() {
    var role = TestPostgres.uniqueName("Reader");
    database.server().newRole(role, "x");
    pod.secret("username", role).secret("password", "x");
    return "\"%s\"".formatted(role);
  }

  @Test
  void a_database_that_flyway_migrated_alone_has_its_versions() {
    engine.flyway("public", "flyway_schema_history", "1", "2", "10");

    assertThere("10");
    assertThere("2.0");
    assertThere("current");
    assertNotThere("3");

    assertThat(pod.log())
        .contains("version 10 is there (flyway_schema_history) after 0 s\n")
        .contains("waiting for version 3: the database is at 10 (flyway_schema_history)\n");
    assertThat(database.query("SELECT 1 FROM pg_namespace WHERE nspname = 'tunetrail'")).isEmpty();
  }

  @Test
  void flyways_failed_and_undone_and_repaired_rows_are_told_apart() {
    engine.flyway("public", "flyway_schema_history", "1", "2", "3", "4");
    database.execute(
        """
        INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,
          installed_by, execution_time, success)
        VALUES (5, '5', 'x', 'SQL', 'V5', 'x', 0, false), (6, '4', 'x', 'UNDO_SQL', 'U4', 'x', 0, true),
          (7, '3', 'x', 'UNDO_SQL', 'U3', 'x', 0, true), (8, '3', 'x', 'SQL', 'V3', 'x', 0, true),
          (9, '3', 'x', 'UNDO_SQL', 'U3', 'x', 0, false), (10, '2', 'x', 'DELETE', 'V2', 'x', 0, true)
        """);

    assertThere("1");
    assertThere("2");
    assertThere("3");
    assertNotThere("4");
    assertNotThere("5");
  }

  @Test
  void a_work_that_was_lost_after_the_engines_commit_keeps_nobody_waiting() {
    work.migrated("public", "Done", "1");
    engine.flyway("public", "flyway_schema_history", "1");
    var exit = pod.waitsFor("2").start();
    awaitLine("waiting for version 2: the database is at 1 (flyway_schema_history)\n");
    work.begun("public");
    engine.flyway("public", "flyway_schema_history", "1", "2");

    assertThat(exit.join()).isZero();
  }

  @Test
  void what_is_undone_is_not_there_whatever_the_last_work_left() {
    work.migrated("public", "Done", "1", "2");
    engine.flyway("public", "flyway_schema_history", "1", "2");
    assertThere("2");

    database.execute("DELETE FROM flyway_schema_history WHERE version = '2'");

    assertNotThere("2");
    assertThat(pod.log())
        .contains("the database is at 1 (flyway_schema_history), the last work left it at 2");
    assertThere("1");
  }

  @Test
  void below_flyways_baseline_every_version_is_there() {
    engine.baseline("public", "5");

    assertThere("3");
    assertThere("5");
    assertNotThere("6");
    assertThat(pod.log())
        .contains("version 3 is there (flyway_schema_history), below the baseline 5 after 0 s");
  }

  @Test
  void below_a_baseline_that_a_work_set_every_version_is_there() {
    work.ended("baseline", "public", "Done", "5");
    work.migrated("public", "Done", "5", "7");

    assertThere("3");
    assertNotThere("6");
    assertThere("7");
  }

  @Test
  void a_database_that_alembic_migrated_alone_has_its_revision_and_no_earlier_one() {
    engine.alembic("alembic_version", "c3c3c3c3c3c3");

    assertThere("c3c3c3c3c3c3");
    assertThere("c3c3");
    assertNotThere("b2b2b2b2b2b2");
    assertThat(pod.log())
        .contains(
            "the database is at c3c3c3c3c3c3 (alembic_version), no work has recorded what came"
                + " before\n");
  }

  @Test
  void what_works_recorded_of_a_revision_counts_for_as_long_as_it_is_there() {
    work.migrated("public", "Done", "a1a1", "b2b2");
    work.migrated("public", "Done", "a1a1", "b2b2", "c3c3");
    engine.alembic("alembic_version", "c3c3");
    assertThere("a1a1");
    assertThere("b2b2");

    engine.alembic("alembic_version", "b2b2");
    assertThere("a1a1");
    assertNotThere("c3c3");

    engine.alembic("alembic_version");
    assertNotThere("a1a1");
  }

  @Test
  void two_heads_are_read_as_works_join_them() {
    work.ended("migrate", "public", "Done", "a1a1", "b1b1", "a2a2,b2b2");
    engine.alembic("alembic_version", "b2b2", "a2a2");
    assertThere("b1b1");

    engine.alembic("alembic_version", "a2a2");
    assertThere("a2a2");
    assertNotThere("b1b1");
  }

  @Test
  void without_the_right_to_read_the_engines_history_the_works_decide() {
    engine.flyway("public", "flyway_schema_history", "1", "2", "9");
    work.migrated("public", "Done", "1", "2");
    reader();

    assertThere("2");
    assertNotThere("9");
    assertThat(pod.log()).contains("waiting for version 9: the database is at 2\n");
  }

  @Test
  void without_works_the_missing_right_is_named_and_used_when_it_comes() {
    engine.flyway("Songs \"n\" more", "flyway_schema_history", "1");
    var role = reader();
    var grant =
        """
        GRANT USAGE ON SCHEMA "Songs ""n"" more" TO %1$s; \
        GRANT SELECT ON "Songs ""n"" more"."flyway_schema_history" TO %1$s;\
        """
            .formatted(role);

    var exit = pod.waitsFor("1").start();
    awaitLine("may not be read. As its owner run: " + grant);
    database.execute(grant);

    assertThat(exit.join()).isZero();
  }

  @Test
  void only_the_named_schema_and_table_count() {
    engine.flyway("plays", "flyway_schema_history", "1", "2");
    engine.flyway("songs", "log", "1");
    database.execute("ALTER TABLE songs.log RENAME TO \"Songs' \"\"log\"\"\"");
    assertNotThere("3");
    assertThere("2");

    pod.variable("TUNETRAIL_WAIT_TABLE", "Songs' \"log\"");
    assertThere("1");
    assertNotThere("2");

    pod.variable("TUNETRAIL_WAIT_TABLE", "").variable("TUNETRAIL_WAIT_SCHEMA", "songs");
    assertNotThere("1");
    pod.variable("TUNETRAIL_WAIT_TABLE", "Songs' \"log\"");
    assertThere("1");
  }

  @Test
  void alembics_table_may_have_any_name() {
    engine.alembic("songs_version", "c3c3");

    assertNotThere("c3c3");
    pod.variable("TUNETRAIL_WAIT_TABLE", "songs_version");
    assertThere("c3c3");
  }

  @Test
  void what_only_has_the_name_of_a_history_is_not_read() {
    database.execute(
        """
        CREATE SCHEMA views; CREATE SCHEMA others; CREATE SCHEMA filtered;
        CREATE VIEW views.alembic_version AS SELECT 'c3c3'::text AS version_num;
        CREATE DOMAIN others.revision AS text;
        CREATE TABLE others.alembic_version (version_num others.revision);
        INSERT INTO others.alembic_version VALUES ('c3c3');
        CREATE TABLE others.flyway_schema_history (version text);
        CREATE TABLE filtered.alembic_version (version_num text);
        INSERT INTO filtered.alembic_version VALUES ('c3c3');
        ALTER TABLE filtered.alembic_version ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
        """);

    assertNotThere("c3c3");
    assertThat(pod.log())
        .contains("there is no tunetrail.history yet, nor an engine's own history");
  }
}
