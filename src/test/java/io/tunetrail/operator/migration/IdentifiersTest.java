package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.database.Inspector;
import io.tunetrail.operator.database.LookRequest;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestPostgres;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that PostgreSQL takes in quotes only. */
@Timeout(180)
class IdentifiersTest {
  private static final String SONGS = "CREATE TABLE songs (id int PRIMARY KEY);";

  private final TestPostgres server = TestPostgres.start();

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static TestJob job(TestJob of, @Nullable String schema, @Nullable String table) {
    return of.flyway(TestJob.spec(null, null, null, schema, table, null, null, null, null))
        .script("V1__songs.sql", SONGS)
        .script("V2__more.sql", "ALTER TABLE songs ADD title text;")
        .script("U2__more.sql", "ALTER TABLE songs DROP title;");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "odd\"d; DROP TABLE songs; --'",
        "two words and %s %1$s",
        "SELECT",
        "$user",
        "ünïcode 表 😀",
        "exactly sixty-three bytes of which the last two are quotes...\"'"
      })
  void fault_46_any_name_of_a_database_a_login_and_a_role_works(String name) {
    var team = new StringBuilder(name).reverse().toString().replace("'", "`");
    var database = database(name, team);

    assertThat(job(TestJob.migrate(database), null, null).role(team).to("2").run().message())
        .isEmpty();
    var down = job(TestJob.undo(database), null, null).role(team).from("2").to("1").run();
    assertThat(down.message()).isEmpty();

    assertThat(
            database.query(
                "SELECT DISTINCT tableowner FROM pg_tables WHERE tableowner <> 'postgres'"))
        .containsExactly(team);
    drop(name, team);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"two words and %s %1s", "SELECT", "ünïcode 表 😀", "dotted.name, and more"})
  void fault_46_an_unusual_name_of_schema_and_history_is_quoted(String name) {
    var database = TestDatabase.create();
    var up = job(TestJob.migrate(database), name, name).to("2");

    assertThat(up.run().message()).isEmpty();
    assertThat(look(up, database).current()).isEqualTo("2");
    assertThat(job(TestJob.undo(database), name, name).from("2").to("1").run().message()).isEmpty();

    assertThat(
            database.query(
                "SELECT schemaname || '|' || tablename FROM pg_tables WHERE tableowner <>"
                    + " 'postgres' AND schemaname <> 'tunetrail'"))
        .containsExactlyInAnyOrder(name + "|" + name, name + "|songs");
    assertThat(database.query("SELECT history_schema FROM tunetrail.history")).containsOnly(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"odd\"d", "it's", "a; DROP TABLE songs", "$user", "back\\slash"})
  void fault_46_a_schema_or_history_that_flyway_would_not_quote_well_is_refused(String name) {
    var database = TestDatabase.create();

    for (var ended :
        List.of(
            job(TestJob.migrate(database), name, null).to("2").run(),
            job(TestJob.migrate(database), null, name).to("2").run())) {
      assertThat(ended.outcome()).isEqualTo(Outcome.INVALID_INPUT);
      assertThat(ended.message()).contains("name " + name + " has a quote, $, ; or \\ in it");
    }
    assertThat(database.query("SELECT to_regnamespace('tunetrail')"))
        .containsExactly((String) null);
  }

  /** Flyway sets the role back by its name between single quotes. */
  @Test
  void fault_46_a_role_that_flyway_would_not_quote_is_refused_before_it_is_asked() {
    var database = database("o'ne", "a'; DROP TABLE songs; --");
    var up = job(TestJob.migrate(database), null, null);

    for (var ended : List.of(up.run(), up.role("a'; DROP TABLE songs; --").to("2").run())) {
      assertThat(ended.outcome()).isEqualTo(Outcome.INVALID_INPUT);
      assertThat(ended.message()).contains("has a quote in it, which Flyway does not quote");
    }
    var request = new LookRequest("uid-1", up.settings(), null, up.scripts());
    assertThat(new Inspector(Duration.ofSeconds(30)).look(database.settings(), request))
        .isInstanceOfSatisfying(
            Look.Unseen.class, it -> assertThat(it.reason()).isEqualTo(Reason.INVALID_CONNECTION));
    drop("o'ne", "a'; DROP TABLE songs; --");
  }

  private TestDatabase database(String name, String team) {
    assertThat(name.length()).isLessThanOrEqualTo(63);
    server.newDatabase(name, name, "se'cret");
    server.execute("CREATE ROLE " + quoted(team));
    server.execute("GRANT %s TO %s".formatted(quoted(team), quoted(name)));
    server.execute("GRANT CREATE ON DATABASE %s TO %s".formatted(quoted(name), quoted(team)));
    server.execute(name, "GRANT CREATE ON SCHEMA public TO " + quoted(team));
    return new TestDatabase(server, name, name, "se'cret");
  }

  private void drop(String name, String team) {
    server.execute("DROP DATABASE %s WITH (FORCE)".formatted(quoted(name)));
    server.execute("DROP ROLE %s, %s".formatted(quoted(team), quoted(name)));
  }

  private static SchemaState.Flyway look(TestJob job, TestDatabase database) {
    var request = new LookRequest("uid-1", job.settings(), null, job.scripts());
    var look = new Inspector(Duration.ofSeconds(30)).look(database.settings(), request);
    return (SchemaState.Flyway) ((Look.Seen) look).facts().schema();
  }

  @Test
  void fault_46_a_schema_that_only_postgresql_may_make_is_refused_in_its_words() {
    var database = TestDatabase.create();

    var ended = job(TestJob.migrate(database), "pg_songs", null).to("2").run();

    assertThat(ended.outcome()).isEqualTo(Outcome.SQL_FAILED);
    assertThat(ended.message()).contains("unacceptable schema name \"pg_songs\"");
    assertThat(database.query("SELECT to_regclass('songs')")).containsExactly((String) null);
  }

  @Test
  void fault_46_names_of_more_than_63_bytes_are_refused_before_anything_is_asked() {
    var database = TestDatabase.create();
    var tooLong = "ü".repeat(32);

    for (var key : List.of("database", "username")) {
      var ended = job(TestJob.migrate(database), null, null).secret(key, tooLong).to("2").run();
      assertThat(ended.outcome()).isEqualTo(Outcome.INVALID_INPUT);
      assertThat(ended.message()).contains(key + " is longer than PostgreSQL's 63 bytes");
    }
    var role = job(TestJob.migrate(database), null, null).role(tooLong).to("2").run();
    assertThat(role.message()).contains("role is longer than PostgreSQL's 63 bytes");
  }

  @Test
  void fault_46_a_role_of_postgresqls_own_is_not_taken_without_membership() {
    var database = TestDatabase.create();

    var ended = job(TestJob.migrate(database), null, null).role("pg_write_all_data").to("2").run();

    assertThat(ended.outcome()).isEqualTo(Outcome.INSUFFICIENT_PRIVILEGE);
    assertThat(ended.message()).contains("permission denied to set role \"pg_write_all_data\"");
  }
}
