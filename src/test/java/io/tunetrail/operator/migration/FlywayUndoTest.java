package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.database.Inspector;
import io.tunetrail.operator.database.LookRequest;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class FlywayUndoTest {
  private final TestDatabase database = TestDatabase.create();
  private final UndoScripts three = UndoScripts.three();

  @Test
  void versions_above_the_target_are_taken_back_newest_first_and_remembered() {
    three.migrate(database, null, "3").run();
    database.execute(
        "CREATE TABLE plays (song int); INSERT INTO plays VALUES (1), (2);"
            + " INSERT INTO songs VALUES (1, 'One', 'Ada', 1999)");

    var ended = three.undo(database, "3", "1").run();

    assertThat(ended.message()).isEmpty();
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.report().from()).isEqualTo("3");
    assertThat(ended.report().to()).isEqualTo("1");
    assertThat(ended.report().applied()).isEqualTo(2);
    assertThat(ended.log()).containsSubsequence("U3__year.sql", "U2__artist.sql");
    assertThat(database.query("SELECT version FROM flyway_schema_history")).containsExactly("1");
    assertThat(database.query("SELECT to_json(songs) FROM songs"))
        .containsExactly("{\"id\":1,\"title\":\"One\"}");
    assertThat(database.query("SELECT song FROM plays")).containsExactly("1", "2");
    assertThat(
            database.query(
                "SELECT concat_ws('|', work, history_schema, from_version, to_version, ancestors,"
                    + " outcome, running_script, finished_at IS NOT NULL) FROM tunetrail.history"
                    + " ORDER BY id DESC LIMIT 1"))
        .containsExactly("undo|public|3|1|{1}|Done|t");
  }

  @Test
  void upgrade_undo_upgrade_ends_with_the_catalog_it_had() {
    three.migrate(database, null, "3").run();
    var before = UndoScripts.catalog(database);

    for (var target : new String[] {"2", "1", null}) {
      var back = three.undo(database, "3", target).run();
      var forward = three.migrate(database, target, "3").run();

      assertThat(back.message()).isEmpty();
      assertThat(back.report().to()).isEqualTo(target);
      assertThat(forward.message()).isEmpty();
      assertThat(UndoScripts.catalog(database)).isEqualTo(before);
    }
  }

  @Test
  void without_a_target_nothing_is_left_but_an_empty_history() {
    three.migrate(database, null, "3").run();

    var ended = three.undo(database, "3", null).run();

    assertThat(ended.message()).isEmpty();
    assertThat(ended.report().to()).isNull();
    assertThat(ended.report().applied()).isEqualTo(3);
    assertThat(database.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        .containsExactly("flyway_schema_history");
    assertThat(database.query("SELECT version FROM flyway_schema_history")).isEmpty();
  }

  @Test
  void nothing_above_the_target_is_done_whatever_the_version_was_when_planned() {
    three.migrate(database, null, "2").run();

    var ended = three.undo(database, "3", "2").run();

    assertThat(ended.outcome()).isEqualTo(Outcome.DONE);
    assertThat(ended.report().to()).isEqualTo("2");
    assertThat(ended.report().applied()).isZero();
  }

  @Test
  void the_operator_sees_what_was_taken_back_as_pending() {
    three.migrate(database, null, "3").run();
    var inspector = new Inspector(Duration.ofSeconds(30));
    var job = three.undo(database, "3", "1");
    var request = new LookRequest("uid-1", job.settings(), null, job.scripts());
    var before = schema(inspector.look(database.settings(), request));

    job.run();

    var after = schema(inspector.look(database.settings(), request));
    assertThat(before.current()).isEqualTo("3");
    assertThat(before.migrations())
        .extracting(SchemaState.Migration::undoDigest)
        .doesNotContainNull()
        .doesNotHaveDuplicates();
    assertThat(after.current()).isEqualTo("1");
    assertThat(after.migrations())
        .extracting(it -> it.script() + " " + it.state())
        .containsExactly("V1__songs.sql APPLIED", "V2__artist.sql PENDING", "V3__year.sql PENDING");
  }

  private static SchemaState.Flyway schema(Look look) {
    return (SchemaState.Flyway) ((Look.Seen) look).facts().schema();
  }

  @Test
  void repeatable_scripts_are_not_touched() {
    var scripts =
        three
            .with("R__titles.sql", "CREATE OR REPLACE VIEW titles AS SELECT title FROM songs;")
            .without("U1__songs.sql");
    scripts.migrate(database, null, "3").run();

    var ended = scripts.undo(database, "3", "1").run();

    assertThat(ended.message()).isEmpty();
    assertThat(database.query("SELECT script FROM flyway_schema_history ORDER BY 1"))
        .containsExactly("R__titles.sql", "V1__songs.sql");
    assertThat(database.query("SELECT to_regclass('titles')")).containsExactly("titles");
    assertThat(scripts.migrate(database, "1", "1").run().report().applied()).isZero();
  }

  @Test
  void flyway_parses_the_scripts_as_it_does_migrations() {
    var scripts =
        three.with(
            "U2__artist.sql",
            """
            DO $body$ BEGIN RAISE NOTICE 'one; two'; END $body$;
            CREATE TABLE taken_back (file text, said text);
            COPY taken_back (file, said) FROM STDIN;
            ${flyway:filename}\t${word}
            \\.
            ALTER TABLE songs DROP artist;
            """);
    var flyway =
        TestJob.spec(Map.of("word", "back"), null, null, null, null, null, null, null, null);
    scripts.migrate(database, null, "2").run();

    var ended = scripts.undo(database, "2", "1").flyway(flyway).run();

    assertThat(ended.message()).isEmpty();
    assertThat(database.query("SELECT concat_ws(' ', file, said) FROM taken_back"))
        .containsExactly("U2__artist.sql back");
  }

  @Test
  void a_script_is_outside_a_transaction_by_its_configuration_or_by_what_it_does() {
    var scripts =
        three
            .with("U2__artist.sql", "DROP INDEX CONCURRENTLY songs_artist;")
            .with("U3__year.sql", "VACUUM songs; ALTER TABLE songs DROP year;")
            .with("U3__year.sql.conf", "executeInTransaction=false");
    scripts.migrate(database, null, "3").run();

    var ended = scripts.undo(database, "3", "1").run();

    assertThat(ended.message()).isEmpty();
    assertThat(ended.log())
        .contains(
            "U2__artist.sql, outside a transaction\n", "U3__year.sql, outside a transaction\n");
    assertThat(database.query("SELECT version FROM flyway_schema_history")).containsExactly("1");
    assertThat(
            database.query(
                "SELECT concat_ws('|', outcome, running_script) FROM tunetrail.history ORDER BY"
                    + " id"))
        .containsExactly("Done", "Done");
  }

  @Test
  void limits_are_those_of_migrations() {
    var note =
        "INSERT INTO limits SELECT current_setting('lock_timeout') || ' ' ||"
            + " current_setting('statement_timeout');";
    var scripts =
        three
            .with("U3__year.sql", "SET lock_timeout = '7s'; SET statement_timeout = '9s';" + note)
            .with("U2__artist.sql", note)
            .with("U1__songs.sql", note)
            .with("U1__songs.sql.conf", "executeInTransaction=false");
    scripts.migrate(database, null, "3").run();
    database.execute("CREATE TABLE limits (value text)");

    var ended = scripts.undo(database, "3", null).lockTimeout(1234).statementTimeout(45678).run();

    assertThat(ended.message()).isEmpty();
    assertThat(database.query("SELECT value FROM limits"))
        .containsExactly("7s 9s", "1234ms 45678ms", "0 0");
  }

  @Test
  void a_role_and_a_search_path_that_a_script_sets_are_its_own() {
    database.server().execute("CREATE ROLE " + database.name() + "_reader");
    database.server().execute("GRANT " + database.name() + "_reader TO " + database.owner());
    var scripts =
        three.with(
            "U3__year.sql",
            """
            ALTER TABLE songs DROP year;
            SET search_path = pg_catalog;
            SET ROLE %s_reader;
            """
                .formatted(database.name()));
    scripts.migrate(database, null, "3").run();

    var ended = scripts.undo(database, "3", "2").run();

    assertThat(ended.message()).isEmpty();
    assertThat(UndoScripts.version(database)).isEqualTo("2");
  }

  @Test
  void a_named_history_in_a_schema_of_its_own_is_the_one_that_forgets() {
    var flyway =
        TestJob.spec(null, null, List.of("music"), null, "history of us", null, null, null, null);
    three.migrate(database, null, "3").flyway(flyway).run();

    var ended = three.undo(database, "3", "1").flyway(flyway).run();

    assertThat(ended.message()).isEmpty();
    assertThat(
            database.query("SELECT version FROM music.\"history of us\" WHERE version IS NOT NULL"))
        .containsExactly("1");
    assertThat(
            database.query(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = 'music'"
                    + " AND table_name = 'songs'"))
        .containsExactly("id", "title");
  }
}
