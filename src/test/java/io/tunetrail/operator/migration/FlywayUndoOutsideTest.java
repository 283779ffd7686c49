package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.database.Inspector;
import io.tunetrail.operator.database.LookRequest;
import io.tunetrail.operator.lifecycle.DatabaseFacts.InterruptedScript;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(180)
class FlywayUndoOutsideTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ARTIST = "U2__artist.sql";
  private static final String DROP =
      "DROP INDEX CONCURRENTLY IF EXISTS songs_artist;\nALTER TABLE songs DROP IF EXISTS artist;";

  private final TestDatabase database = TestDatabase.create();
  private final UndoScripts scripts = outside(DROP);

  private static UndoScripts outside(String artist) {
    return UndoScripts.three()
        .with(ARTIST, artist)
        .with(ARTIST + ".conf", "executeInTransaction=false");
  }

  /** What stops a script outside a transaction. */
  enum Cut {
    STATEMENT(
        Outcome.HISTORY_CONFLICT,
        "U2__artist.sql, line 2: column \"artiste\" of relation \"songs\" does not exist;"
            + " U2__artist.sql runs outside a transaction, so what it did before stays"),
    SESSION(
        Outcome.HISTORY_CONFLICT,
        "U2__artist.sql runs outside a transaction, so how far it got is not known; invalid"
            + " indexes: public.songs_artist"),
    PROCESS(Outcome.LOST, ""),
    ROW(
        Outcome.HISTORY_CONFLICT,
        "U2__artist.sql has run, but version 2 can't be taken out of"
            + " public.flyway_schema_history: it stays");

    private final Outcome outcome;
    private final String message;

    Cut(Outcome outcome, String message) {
      this.outcome = outcome;
      this.message = message;
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_script_cut_outside_a_transaction_never_runs_again_by_itself(Cut cut) throws SQLException {
    scripts.migrate(database, null, "3").run();

    var ended = run(cut);

    assertThat(ended.outcome()).isEqualTo(cut.outcome);
    assertThat(ended.message()).contains(cut.message);
    assertThat(UndoScripts.version(database)).isEqualTo("2");
    assertThat(interrupted()).isNotNull();
    assertThat(database.query("SELECT outcome FROM tunetrail.history WHERE finished_at IS NULL"))
        .containsExactly(cut == Cut.PROCESS ? null : "HistoryConflict");

    for (var blind :
        List.of(scripts.undo(database, "2", "1"), scripts.migrate(database, "2", "3"))) {
      var refused = blind.run();
      assertThat(refused.outcome()).isEqualTo(Outcome.HISTORY_CONFLICT);
      assertThat(refused.message())
          .startsWith(
              "U2__artist.sql runs outside a transaction and was cut off in Job karaoke-job-");
    }

    database.execute("DROP TRIGGER IF EXISTS stay ON flyway_schema_history");
    assertThat(scripts.undo(database, "2", "1").retry("looked").run().message()).isEmpty();
    assertThat(interrupted()).isNull();
    assertThat(UndoScripts.catalog(database)).isEqualTo(UndoScripts.catalogAt("1"));
    assertThat(scripts.migrate(database, "1", "3").retry("looked").run().message()).isEmpty();
    assertThat(UndoScripts.catalog(database)).isEqualTo(UndoScripts.catalogAt("3"));
    assertThat(database.query("SELECT outcome FROM tunetrail.history ORDER BY id"))
        .endsWith("Interrupted", "Done", "Done");
  }

  private TestJob.Ended run(Cut cut) throws SQLException {
    return switch (cut) {
      case STATEMENT ->
          outside("DROP INDEX CONCURRENTLY songs_artist;\nALTER TABLE songs DROP artiste;")
              .undo(database, "3", "1")
              .run();
      case SESSION -> whileWritten(false);
      case PROCESS -> whileWritten(true);
      case ROW -> {
        database.execute(
            """
            CREATE SCHEMA test;
            CREATE FUNCTION test.stay() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'it stays'; END $$;
            CREATE TRIGGER stay BEFORE DELETE ON flyway_schema_history FOR EACH ROW
            WHEN (OLD.version = '2') EXECUTE FUNCTION test.stay()
            """);
        yield scripts.undo(database, "3", "1").run();
      }
    };
  }

  /** DROP INDEX CONCURRENTLY waits for a transaction that wrote. */
  private TestJob.Ended whileWritten(boolean killed) throws SQLException {
    try (var writer = database.connect();
        var statement = writer.createStatement()) {
      assertThat(scripts.undo(database, "3", "2").run().message()).isEmpty();
      writer.setAutoCommit(false);
      statement.execute("INSERT INTO songs VALUES (1, 'One')");
      var ended = killed ? killed() : terminated();
      writer.rollback();
      return ended;
    }
  }

  private TestJob.Ended terminated() {
    var ended = CompletableFuture.supplyAsync(() -> scripts.undo(database, "2", "1").run());
    await().atMost(PATIENCE).until(() -> !dropping().isEmpty());
    database.query("SELECT pg_terminate_backend(%s)".formatted(dropping().getFirst()));
    return ended.join();
  }

  private TestJob.Ended killed() {
    var running = scripts.undo(database, "2", "1").start();
    await().atMost(PATIENCE).until(() -> !dropping().isEmpty());
    running.kill();
    await().atMost(PATIENCE).until(() -> dropping().isEmpty());
    var nothing = new Report(Outcome.LOST, null, null, 0, null, null, null);
    return new TestJob.Ended(137, nothing, running.log());
  }

  private List<@Nullable String> dropping() {
    return database.query(
        "SELECT pid FROM pg_stat_activity WHERE datname = '%s' AND state = 'active' AND query LIKE 'DROP INDEX CONCURRENTLY%%'"
            .formatted(database.name()));
  }

  private @Nullable InterruptedScript interrupted() {
    var job = scripts.undo(database, "2", "1");
    var look =
        new Inspector(PATIENCE)
            .look(
                database.settings(), new LookRequest("uid-1", job.settings(), null, job.scripts()));
    return ((Look.Seen) look).facts().interrupted();
  }

  @Test
  void what_a_person_took_back_by_hand_is_gone_on_from() throws SQLException {
    scripts.migrate(database, null, "2").run();
    var failed =
        outside("DROP INDEX CONCURRENTLY songs_artist;\nALTER TABLE songs DROP artiste;")
            .undo(database, "2", "1")
            .run();
    assertThat(failed.outcome()).isEqualTo(Outcome.HISTORY_CONFLICT);

    database.execute(
        "ALTER TABLE songs DROP artist; DELETE FROM flyway_schema_history WHERE version = '2'");
    var ended = scripts.undo(database, "1", null).retry("by hand").run();

    assertThat(ended.message()).isEmpty();
    assertThat(database.query("SELECT version FROM flyway_schema_history")).isEmpty();
  }

  @Test
  void a_script_outside_a_transaction_that_ended_is_not_blamed_for_the_next() {
    var three = scripts.with("U1__songs.sql", "DROP TABEL songs;");
    three.migrate(database, null, "2").run();

    var ended = three.undo(database, "2", null).run();

    assertThat(ended.outcome()).isEqualTo(Outcome.SQL_FAILED);
    assertThat(ended.message())
        .startsWith("U1__songs.sql, line 1: syntax error")
        .doesNotContain("outside");
    assertThat(UndoScripts.version(database)).isEqualTo("1");
    assertThat(interrupted()).isNull();
    assertThat(scripts.undo(database, "1", null).run().message()).isEmpty();
  }
}
