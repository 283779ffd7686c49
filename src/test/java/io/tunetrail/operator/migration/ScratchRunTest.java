package io.tunetrail.operator.migration;

import static io.tunetrail.operator.migration.Adoptable.TABLES;
import static io.tunetrail.operator.migration.Adoptable.V1;
import static io.tunetrail.operator.migration.Adoptable.V2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class ScratchRunTest {
  private final Adoptable adoptable = Adoptable.create();
  private final TestDatabase database = adoptable.database();

  @Test
  void a_script_that_fails_is_named_with_where_it_failed() {
    database.execute(TABLES);

    var ended =
        TestJob.adopt(database, "2")
            .script("V1__songs.sql", V1)
            .script("V2__artist.sql", "ALTER TABLE songs\n ADD artist textt;")
            .run();

    assertThat(ended.outcome()).isEqualTo(Outcome.SQL_FAILED);
    assertThat(ended.message())
        .isEqualTo(
            "on the scratch database: V2__artist.sql, line 2: type \"textt\" does not exist");
    adoptable.isUntouched();
  }

  @Test
  void what_the_server_has_already_or_lets_only_administrators_do_is_sent_to_another_server() {
    database.execute(TABLES);
    adoptable.administrator("CREATE ROLE %s_app".formatted(database.name()));

    var role =
        TestJob.adopt(database, "1")
            .script("V1__role.sql", "CREATE ROLE %s_app;".formatted(database.name()))
            .run();
    var extension =
        TestJob.adopt(database, "1").script("V1__x.sql", "CREATE EXTENSION file_fdw;").run();

    assertThat(role.outcome()).isEqualTo(Outcome.SQL_FAILED);
    assertThat(role.message())
        .startsWith("on the scratch database: V1__role.sql, line 1: ")
        .endsWith("; on another server, which spec.scratch names, it may pass");
    assertThat(extension.message())
        .contains("permission denied to create extension \"file_fdw\"")
        .endsWith("; on another server, which spec.scratch names, it may pass");
    adoptable.isUntouched();
  }

  @Test
  void scripts_outside_a_transaction_run_too() {
    database.execute(TABLES);

    var ended =
        TestJob.adopt(database, "2")
            .script("V1__songs.sql", V1 + "ALTER TABLE songs ADD artist text NOT NULL;")
            .script("V2__index.sql", "CREATE INDEX CONCURRENTLY ON songs (artist);")
            .run();

    assertThat(ended.message()).isEmpty();
  }

  @Test
  void the_users_own_schema_is_where_unqualified_names_go_and_other_schemas_are_compared() {
    database.execute("CREATE SCHEMA \"%s\"".formatted(database.owner()));
    database.execute(TABLES + "CREATE SCHEMA lyrics; CREATE TABLE lyrics.lines (id int);");
    var lines = "CREATE SCHEMA IF NOT EXISTS lyrics; CREATE TABLE lyrics.lines (id bigint);";
    var job =
        TestJob.adopt(database, "2")
            .script("V1__songs.sql", V1 + lines)
            .script("V2__artist.sql", V2);

    var refused = job.run();
    database.execute("ALTER TABLE lyrics.lines ALTER id TYPE bigint");
    var adopted = job.run();

    assertThat(refused.message())
        .endsWith("1 difference: column lyrics.lines.id is integer, should be bigint");
    assertThat(adopted.message()).isEmpty();
    assertThat(database.query("SELECT history_schema FROM tunetrail.history"))
        .containsExactly(database.owner());
  }

  @Test
  void flyways_own_schemas_are_made() {
    database.execute("CREATE SCHEMA music; SET search_path = music;" + TABLES);

    var ended =
        adoptable
            .adoptAtTwo()
            .flyway(
                TestJob.spec(null, null, List.of("music"), null, "past", null, null, null, null))
            .run();

    assertThat(ended.message()).isEmpty();
    assertThat(database.query("SELECT version FROM music.past WHERE type = 'BASELINE'"))
        .containsExactly("2");
  }

  @Test
  void extensions_that_an_administrator_made_are_there_and_others_are_left_to_the_scripts() {
    adoptable.administrator("CREATE EXTENSION citext; CREATE EXTENSION pg_trgm");
    database.execute("CREATE TABLE users (email citext)");

    var ended =
        TestJob.adopt(database, "1")
            .script("V1__users.sql", "CREATE EXTENSION pg_trgm; CREATE TABLE users (email citext);")
            .run();

    assertThat(ended.message()).isEmpty();
  }

  @Test
  void what_would_act_on_the_live_server_runs_only_on_another_one() {
    database.execute(TABLES);
    var statement = "ALTER  ROLE %s SET work_mem = '8MB';".formatted(database.owner());

    var ended =
        TestJob.adopt(database, "2")
            .script("V1__songs.sql", V1 + "-- DROP ROLE x\n/* ON DATABASE */")
            .script("V2__roles.sql", V2 + statement)
            .run();

    assertThat(ended.outcome()).isEqualTo(Outcome.SCRATCH_UNAVAILABLE);
    assertThat(ended.message())
        .isEqualTo(
            "V2__roles.sql has ALTER ROLE, which would act on the live server; name another server"
                + " in spec.scratch to compare with");
    adoptable.isUntouched();
  }

  @Test
  void the_role_makes_the_scratch_database_and_the_history() {
    var team = database.name() + "_team";
    adoptable.administrator("CREATE ROLE %s CREATEDB".formatted(team));
    adoptable.administrator("GRANT %s TO %s".formatted(team, database.owner()));
    adoptable.administrator("GRANT CREATE ON DATABASE %s TO %s".formatted(database.name(), team));
    adoptable.administrator("ALTER ROLE %s NOCREATEDB".formatted(database.owner()));
    adoptable.administrator(
        ("GRANT ALL ON SCHEMA public TO %1$s; SET ROLE %1$s;" + TABLES).formatted(team));

    var ended = adoptable.adoptAtTwo().role(team).run();

    assertThat(ended.message()).isEmpty();
    assertThat(
            database.query(
                "SELECT DISTINCT tableowner FROM pg_tables WHERE tablename IN ('history',"
                    + " 'flyway_schema_history')"))
        .containsExactly(team);
    assertThat(adoptable.scratchDatabases()).isEmpty();
  }

  @Test
  void a_pod_that_is_asked_to_end_drops_its_scratch_database() {
    database.execute(TABLES);
    var running =
        TestJob.adopt(database, "1").script("V1__slow.sql", V1 + "SELECT pg_sleep(60);").start();
    await().atMost(Duration.ofSeconds(60)).until(() -> !adoptable.scratchDatabases().isEmpty());

    running.process().destroy();

    await().atMost(Duration.ofSeconds(30)).until(() -> adoptable.scratchDatabases().isEmpty());
    running.process().onExit().join();
    adoptable.isUntouched();
  }
}
