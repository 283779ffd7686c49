package io.tunetrail.operator.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestPostgres;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class WaitRoleTest {
  private static final int GAVE_UP = 24;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final TestDatabase database = TestDatabase.create();
  private final TestWork work = new TestWork(database);
  private final TestPod pod = new TestPod(database);

  private void awaitLine(String words) {
    await().atMost(PATIENCE).until(() -> pod.log().contains(words));
  }

  @Test
  void a_version_that_is_there_lets_the_pod_start_at_once() {
    work.migrated("public", "Done", "1", "2", "7");

    assertThat(pod.waitsFor("7").run()).isZero();

    assertThat(pod.lines())
        .containsExactly(
            "version 7 in database %s at localhost:%d as %s, within 60 s"
                .formatted(database.name(), database.server().port(), database.owner()),
            "version 7 is there after 0 s");
  }

  @Test
  void an_older_version_starts_again_after_the_database_moved_on() {
    work.migrated("public", "Done", "1", "2", "7");

    assertThat(pod.waitsFor("2.0").run()).isZero();
  }

  @Test
  void it_waits_until_the_version_comes_and_says_what_changes() {
    var exit = pod.waitsFor("7").start();
    awaitLine("waiting for version 7: there is no tunetrail.history yet");
    work.migrated("public", "Done", "1", "5");
    awaitLine("waiting for version 7: the database is at 5\n");
    work.migrated("public", "MigrationFailed", "1", "5", "6");
    awaitLine("the database is at 6, the last work says MigrationFailed");
    assertThat(exit).isNotDone();
    work.migrated("public", "Done", "1", "5", "6", "7");

    assertThat(exit.join()).isZero();
    assertThat(pod.lines()).hasSize(5).last().asString().startsWith("version 7 is there after ");
    assertThat(
            database.query(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tunetrail/wait'"
                    + " AND datname = '%s'".formatted(database.name())))
        .containsExactly("0");
  }

  @Test
  void a_work_that_is_not_finished_brings_nothing() {
    work.migrated("public", "Done", "1");
    work.begun("public");

    assertThat(pod.waitsFor("2").atMost("1s").run()).isEqualTo(GAVE_UP);

    assertThat(pod.log()).contains("the database is at 1\n");
  }

  @Test
  void a_lost_work_says_nothing_and_the_one_before_it_counts() {
    work.migrated("public", "Done", "1");
    database.execute(
        """
        INSERT INTO tunetrail.history (format, work, resource, resource_uid, job, edition,
          history_schema, inputs_digest, started_at, finished_at, outcome)
        VALUES (1, 'migrate', 'music/karaoke', 'uid-1', 'job-2', 'commercial', 'public',
          'sha256:0', now(), now(), 'JobLost')
        """);

    assertThat(pod.waitsFor("1").run()).isZero();
  }

  @Test
  void a_version_that_was_undone_is_waited_for_until_the_deadline() {
    work.migrated("public", "Done", "1", "2");
    work.ended("undo", "public", "Done", "1");

    assertThat(pod.waitsFor("2").atMost("1s").run()).isEqualTo(GAVE_UP);

    assertThat(pod.lines())
        .last()
        .isEqualTo(
            "gave up after 1 s waiting for version 2: the database is at 1. Raise"
                + " TUNETRAIL_WAIT_DEADLINE, or see in kubectl get ttdb what holds it up");
  }

  @Test
  void services_that_share_a_database_wait_for_their_own_schema() {
    work.migrated("plays", "Done", "1", "2");
    work.migrated("songs", "Done", "1");
    pod.variable("TUNETRAIL_WAIT_SCHEMA", "songs");

    assertThat(pod.waitsFor("1").run()).isZero();
    assertThat(pod.waitsFor("2").atMost("0s").run()).isEqualTo(GAVE_UP);
  }

  @Test
  void create_all_is_there_when_one_ended_well_and_brings_no_version() {
    work.ended("create-all", null, "MigrationFailed");
    assertThat(pod.waitsFor("create-all").atMost("0s").run()).isEqualTo(GAVE_UP);
    assertThat(pod.log()).contains("no create-all has ended well yet");

    work.ended("create-all", null, "Done");
    work.ended("seed", "public", "Done", "9");
    pod.atMost("60s");
    assertThat(pod.waitsFor("create-all").run()).isZero();
    assertThat(pod.waitsFor("current").run()).isZero();
    assertThat(pod.waitsFor("9").atMost("0s").run()).isEqualTo(GAVE_UP);
  }

  @Test
  void who_may_only_connect_may_wait() {
    work.migrated("public", "Done", "7");
    var role = TestPostgres.uniqueName("reader");
    database.server().newRole(role, "x");
    database.server().execute(database.name(), "REVOKE ALL ON SCHEMA public FROM PUBLIC");

    var exit = pod.secret("username", role).secret("password", "x").waitsFor("7").run();

    assertThat(pod.log()).contains("version 7 is there");
    assertThat(exit).isZero();
  }

  @Test
  void libpqs_variables_win_over_the_mounted_secret() {
    work.migrated("public", "Done", "7");
    pod.secret("host", "nowhere.example.org")
        .secret("password", "stale")
        .variable("PGHOST", "localhost")
        .variable("PGPASSWORD", database.password());

    assertThat(pod.waitsFor("7").run()).isZero();
  }

  @Test
  void what_is_said_wrongly_ends_it_at_once_with_what_belongs_there() {
    assertThat(pod.waitsFor("latest").run()).isEqualTo(10);
    assertThat(pod.log()).contains("TUNETRAIL_WAIT_FOR is latest;");
    assertThat(pod.waitsFor("7").variable("TUNETRAIL_MOUNTS", "").run()).isEqualTo(10);
    assertThat(pod.log()).contains("has no key host", "PGHOST");
  }
}
