package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.analysis.PlannedStatement;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The SQL of what would run, as Flyway's own parser reads it; the database stays as it is. */
class FlywayPlanTest {
  private final TestDatabase database = TestDatabase.create();

  private static TestJob scripts(TestJob job) {
    return job.script("V1__songs.sql", "CREATE TABLE songs (id int PRIMARY KEY, title text);")
        .script(
            "V2__genres.sql",
            """
            -- two statements, one with a placeholder
            ALTER TABLE songs ADD genre text DEFAULT '${genre}';
            CREATE FUNCTION one() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;
            """)
        .script("V3__index.sql", "CREATE INDEX CONCURRENTLY songs_title ON songs (title);")
        .script("R__view.sql", "CREATE OR REPLACE VIEW titles AS SELECT title FROM songs;")
        .script("U2__genres.sql", "DROP FUNCTION one(); ALTER TABLE songs DROP genre;")
        .flyway(
            TestJob.spec(Map.of("genre", "rock"), null, null, null, null, null, null, null, null));
  }

  private TestJob plan(Task ofTask) {
    return scripts(TestJob.plan(database, ofTask));
  }

  private static List<PlannedStatement> statements(TestJob.Ended ended) {
    assertThat(ended.outcome()).as(ended.log()).isEqualTo(Outcome.DONE);
    return PlanFrame.parse(ended.log()).orElseThrow().statements();
  }

  @Test
  void the_pending_statements_are_told_in_order_with_placeholders_replaced() {
    var statements = statements(plan(Task.MIGRATE).to("3").run());

    assertThat(statements)
        .extracting(PlannedStatement::script)
        .containsExactly(
            "V1__songs.sql", "V2__genres.sql", "V2__genres.sql", "V3__index.sql", "R__view.sql");
    assertThat(statements)
        .extracting(PlannedStatement::version)
        .containsExactly("1", "2", "2", "3", null);
    assertThat(statements)
        .extracting(PlannedStatement::transactional)
        .containsExactly(true, true, true, false, true);
    assertThat(statements.get(1).sql()).endsWith("ALTER TABLE songs ADD genre text DEFAULT 'rock'");
    assertThat(statements.get(2).sql()).contains("$$ SELECT 1; $$");
  }

  @Test
  void nothing_is_written_to_the_database() {
    var before = database.query("SELECT nspname FROM pg_namespace ORDER BY 1");
    statements(plan(Task.MIGRATE).to("3").run());

    assertThat(database.query("SELECT nspname FROM pg_namespace ORDER BY 1")).isEqualTo(before);
    assertThat(
            database.query(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
        .isEmpty();
  }

  @Test
  void only_what_is_pending_is_told() {
    scripts(TestJob.migrate(database)).to("2").run();

    assertThat(statements(plan(Task.MIGRATE).from("2").to("3").run()))
        .extracting(PlannedStatement::script)
        .containsExactly("V3__index.sql");
  }

  @Test
  void the_way_back_is_that_of_the_reverse_scripts() {
    scripts(TestJob.migrate(database)).to("2").run();

    var statements = statements(plan(Task.UNDO).from("2").to("1").run());
    assertThat(statements)
        .extracting(PlannedStatement::sql)
        .containsExactly("DROP FUNCTION one()", "ALTER TABLE songs DROP genre");
    assertThat(statements).extracting(PlannedStatement::version).containsOnly("2");
    assertThat(database.query("SELECT count(*) FROM pg_proc WHERE proname = 'one'"))
        .containsExactly("1");
  }

  @Test
  void an_adoption_runs_nothing() {
    database.execute("CREATE TABLE songs (id int PRIMARY KEY, title text)");

    assertThat(statements(plan(Task.BASELINE).baseline("1").to("1").run())).isEmpty();
  }

  @Test
  void a_plan_is_of_the_database_as_it_was_seen() {
    scripts(TestJob.migrate(database)).to("1").run();

    var ended = plan(Task.MIGRATE).to("3").run();
    assertThat(ended.outcome()).isEqualTo(Outcome.INPUTS_CHANGED);
    assertThat(ended.message()).contains("the database is at version 1");
    assertThat(PlanFrame.parse(ended.log())).isEmpty();
  }

  @Test
  void fault_44_other_scripts_than_those_it_is_for_are_not_planned() {
    var ended = plan(Task.MIGRATE).to("3").digest("sha256:others").run();
    assertThat(ended.outcome()).isEqualTo(Outcome.INPUTS_CHANGED);
  }

  @Test
  void a_placeholder_without_a_value_is_named() {
    var ended =
        TestJob.plan(database, Task.MIGRATE)
            .script("V1__songs.sql", "CREATE TABLE ${missing} ();")
            .to("1")
            .run();
    assertThat(ended.outcome()).isEqualTo(Outcome.INVALID_INPUT);
    assertThat(ended.message()).contains("missing");
  }

  @Test
  void the_password_is_in_no_plan() {
    var ended =
        TestJob.plan(database, Task.MIGRATE)
            .script("V1__role.sql", "SELECT '%s';".formatted(database.password()))
            .to("1")
            .run();
    assertThat(statements(ended).getFirst().sql()).isEqualTo("SELECT '***'");
  }
}
