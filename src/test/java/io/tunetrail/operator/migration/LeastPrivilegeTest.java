package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tunetrail.operator.database.EngineTables;
import io.tunetrail.operator.database.VersionHistory;
import io.tunetrail.operator.database.VersionHistory.Answer;
import io.tunetrail.operator.testing.PsqlScript;
import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the roles of examples/roles.sql may do, and that it is enough. */
class LeastPrivilegeTest {
  private static final String SONGS =
      "CREATE TABLE songs (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text);";

  private final TestPostgres server = TestPostgres.start();
  private final String name = TestPostgres.uniqueName("least");
  private final String owner = name + "_owner";
  private final TestDatabase migrator = login("migrator");
  private final TestDatabase app = login("app");
  private final TestDatabase monitor = login("monitor");

  private TestDatabase login(String role) {
    return new TestDatabase(server, name, name + "_" + role, "of the " + role);
  }

  private TestJob way(TestJob job) {
    return job.role(owner)
        .script("V1__songs.sql", SONGS)
        .script("V2__index.sql", "CREATE INDEX CONCURRENTLY by_title ON songs (title);")
        .script("U2__index.sql", "DROP INDEX by_title;");
  }

  @BeforeEach
  void isMigratedByTheMigratingRole() {
    server.execute("CREATE DATABASE " + name);
    var roles =
        new PsqlScript(
            Path.of("examples", "roles.sql"),
            Map.of(
                "DBNAME", name,
                "schema", "public",
                "owner", owner,
                "migrator", migrator.owner(),
                "app", app.owner(),
                "monitor", monitor.owner(),
                "migrator_password", migrator.password(),
                "app_password", app.password(),
                "monitor_password", monitor.password()));
    roles.run(server, name);
    var ended = way(TestJob.migrate(migrator)).to("2").run();
    assertThat(ended.message()).isEmpty();
    roles.run(server, name);
  }

  private static void isDenied(TestDatabase login, String sql) {
    assertThatThrownBy(() -> login.execute(sql))
        .as("%s: %s", login.owner(), sql)
        .hasStackTraceContaining("permission denied");
  }

  @Test
  void what_the_migrating_role_makes_belongs_to_the_owner_and_it_may_go_back() {
    assertThat(way(TestJob.undo(migrator)).from("2").to("1").run().message()).isEmpty();

    assertThat(
            app.query("SELECT DISTINCT tableowner FROM pg_tables WHERE tableowner <> 'postgres'"))
        .containsExactly(owner);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE public.own (id int)",
        "SELECT FROM public.songs",
        "CREATE SCHEMA own",
        "DELETE FROM tunetrail.history"
      })
  void by_itself_the_migrating_role_may_nothing(String sql) {
    isDenied(migrator, sql);
  }

  @Test
  void the_application_works_with_rows_and_waits_for_its_schema() {
    app.execute("INSERT INTO songs (title) VALUES ('one'); UPDATE songs SET title = 'two';");
    app.execute("DELETE FROM songs WHERE title = 'one'");
    assertThat(app.query("SELECT title FROM songs")).containsExactly("two");

    var settings = app.settingsOf(app.owner(), app.password());
    try (var history = new VersionHistory(settings, new EngineTables(null, null))) {
      assertThat(history.read(Duration.ofSeconds(30)))
          .isInstanceOfSatisfying(
              Answer.Recorded.class,
              it -> {
                assertThat(it.schemas().getFirst().version()).isEqualTo("2");
                assertThat(it.engines()).hasSize(1);
              });
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE own (id int)",
        "CREATE TEMPORARY TABLE own (id int)",
        "CREATE SCHEMA own",
        "TRUNCATE songs",
        "UPDATE flyway_schema_history SET version = '9'",
        "DELETE FROM flyway_schema_history",
        "DELETE FROM tunetrail.history"
      })
  void the_application_changes_no_schema_and_no_history(String sql) {
    isDenied(app, sql);
  }

  @Test
  void the_application_may_not_become_the_owner() {
    isDenied(app, "SET ROLE " + owner);
    assertThatThrownBy(() -> app.execute("DROP TABLE songs"))
        .hasStackTraceContaining("must be owner");
  }

  @Test
  void monitoring_reads_the_histories_and_the_size() {
    monitor.execute("SELECT to_version FROM tunetrail.history");
    monitor.execute("SELECT version FROM flyway_schema_history");
    monitor.execute("SELECT pg_database_size(current_database())");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT FROM songs",
        "INSERT INTO songs (title) VALUES ('x')",
        "CREATE TABLE own (id int)",
        "DELETE FROM tunetrail.history",
        "DELETE FROM flyway_schema_history",
        "SELECT pg_read_file('PG_VERSION')"
      })
  void monitoring_reads_nothing_else_and_writes_nothing(String sql) {
    isDenied(monitor, sql);
  }
}
