package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(180)
class FlywayUndoFaultsTest {
  private static final String ARTIST = "U2__artist.sql";
  private static final String YEAR = "U3__year.sql";

  /** Goes on for longer than any test waits. */
  private static final String SLOW = "ALTER TABLE songs DROP artist; SELECT pg_sleep(100);";

  private final TestDatabase database = TestDatabase.create();
  private final UndoScripts three = UndoScripts.three();

  /** Where the way from version 3 to version 1 is cut, and the version that is left. */
  enum Cut {
    SCRIPT_MISSING(Outcome.UNDO_SCRIPT_MISSING, "3", "takes these scripts back: V2__artist.sql"),
    SCRIPT_CHANGED(Outcome.HISTORY_CONFLICT, "3", "V2__artist.sql: changed since it was applied"),
    SCRIPT_UNREADABLE(Outcome.INVALID_INPUT, "3", "${nowhere}"),
    RIGHT_MISSING(Outcome.INSUFFICIENT_PRIVILEGE, "3", "DELETE ON \"flyway_schema_history\" TO"),
    FIRST_SCRIPT(Outcome.SQL_FAILED, "3", "U3__year.sql, line 3: column \"yeer\" of relation"),
    FIRST_ROW(Outcome.SQL_FAILED, "3", "U3__year.sql has run, but version 3 can't be taken out"),
    FIRST_ROW_SILENTLY(Outcome.SQL_FAILED, "3", "the row is still there; look for a trigger"),
    FIRST_COMMIT(Outcome.SQL_FAILED, "3", "U3__year.sql, at the end of its transaction: it stays"),
    SECOND_SCRIPT(Outcome.SQL_FAILED, "2", "U2__artist.sql, line 1: syntax error"),
    SECOND_ROW(Outcome.SQL_FAILED, "2", "out of public.flyway_schema_history: it stays"),
    LOCK(Outcome.LOCK_TIMEOUT, "2", "U2__artist.sql, line 1: canceling statement due to lock"),
    STATEMENT(Outcome.STATEMENT_TIMEOUT, "2", "U2__artist.sql, line 1: canceling statement"),
    SESSION(Outcome.CONNECTION_LOST, "2", "U2__artist.sql, line 1: the server ended"),
    FENCE(Outcome.CONNECTION_LOST, "2", "U2__artist.sql, line 1: "),
    PROCESS(Outcome.LOST, "2", "");

    private final Outcome outcome;
    private final String left;
    private final String message;

    Cut(Outcome outcome, String left, String message) {
      this.outcome = outcome;
      this.left = left;
      this.message = message;
    }
  }

  @BeforeEach
  void threeVersions() {
    three.migrate(database, null, "3").run();
    database.execute("CREATE SCHEMA test; CREATE TABLE test.busy (id int)");
  }

  @ParameterizedTest
  @EnumSource
  void wherever_the_way_is_cut_what_was_taken_back_stays_and_the_next_run_goes_on(Cut cut)
      throws SQLException {
    var ended = run(cut);

    assertThat(ended.outcome()).isEqualTo(cut.outcome);
    assertThat(ended.message()).contains(cut.message);
    assertThat(UndoScripts.catalog(database)).isEqualTo(UndoScripts.catalogAt(cut.left));

    mend(cut);
    if (!cut.left.equals("3")) {
      assertThat(
              database.query(
                  "SELECT concat_ws('|', to_version, ancestors) FROM tunetrail.history WHERE work ="
                      + " 'undo'"))
          .containsExactly("2|{1,2}");
      assertThat(three.undo(database, "3", "1").run().outcome()).isEqualTo(Outcome.INPUTS_CHANGED);
    }
    assertThat(three.undo(database, cut.left, "1").run().message()).isEmpty();
    assertThat(UndoScripts.catalog(database)).isEqualTo(UndoScripts.catalogAt("1"));

    assertThat(three.migrate(database, "1", "3").run().message()).isEmpty();
    assertThat(UndoScripts.catalog(database)).isEqualTo(UndoScripts.catalogAt("3"));
    assertThat(database.query("SELECT outcome FROM tunetrail.history ORDER BY id DESC LIMIT 2"))
        .containsExactly("Done", "Done");
  }

  private TestJob.Ended run(Cut cut) throws SQLException {
    return switch (cut) {
      case SCRIPT_MISSING -> back(three.without(ARTIST)).run();
      case SCRIPT_CHANGED -> back(three.with("V2__artist.sql", "SELECT 2;")).run();
      case SCRIPT_UNREADABLE -> back(three.with(ARTIST, "SELECT '${nowhere}';")).run();
      case RIGHT_MISSING -> withHistoryOf("postgres");
      case FIRST_SCRIPT ->
          back(three.with(YEAR, three.files().get(YEAR) + "\nALTER TABLE songs DROP yeer;")).run();
      case FIRST_ROW -> withTrigger("3", "BEFORE DELETE", "RAISE EXCEPTION 'it stays'", "TRIGGER");
      case FIRST_ROW_SILENTLY -> withTrigger("3", "BEFORE DELETE", "RETURN NULL", "TRIGGER");
      case FIRST_COMMIT ->
          withTrigger("3", "AFTER DELETE", "RAISE EXCEPTION 'it stays'", "CONSTRAINT TRIGGER");
      case SECOND_SCRIPT -> back(three.with(ARTIST, "ALTER TABEL songs;")).run();
      case SECOND_ROW -> withTrigger("2", "BEFORE DELETE", "RAISE EXCEPTION 'it stays'", "TRIGGER");
      case LOCK -> whileBusy();
      case STATEMENT -> back(three.with(ARTIST, SLOW)).statementTimeout(300).run();
      case SESSION -> cutWhileSlow("query LIKE '%pg_sleep(100)%' AND state = 'active'");
      case FENCE -> cutWhileSlow("pid IN (SELECT pid FROM pg_locks WHERE objid = 1953653041)");
      case PROCESS -> killed();
    };
  }

  private void mend(Cut cut) {
    switch (cut) {
      case RIGHT_MISSING -> ownHistory(database.owner());
      case FIRST_ROW, FIRST_ROW_SILENTLY, FIRST_COMMIT, SECOND_ROW ->
          database.execute("DROP TRIGGER stay ON flyway_schema_history");
      case SCRIPT_MISSING,
          SCRIPT_CHANGED,
          SCRIPT_UNREADABLE,
          FIRST_SCRIPT,
          SECOND_SCRIPT,
          LOCK,
          STATEMENT,
          SESSION,
          FENCE,
          PROCESS -> {}
    }
  }

  private TestJob back(UndoScripts scripts) {
    return scripts.undo(database, "3", "1");
  }

  private TestJob.Ended withHistoryOf(String owner) {
    ownHistory(owner);
    database
        .server()
        .execute(
            database.name(),
            "GRANT SELECT, INSERT ON flyway_schema_history TO " + database.owner());
    return back(three).run();
  }

  private void ownHistory(String owner) {
    database
        .server()
        .execute(database.name(), "ALTER TABLE flyway_schema_history OWNER TO " + owner);
  }

  private TestJob.Ended withTrigger(String version, String when, String does, String kind) {
    database.execute(
        """
        CREATE FUNCTION test.stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN %s; END $$;
        CREATE %s stay %s ON flyway_schema_history %s FOR EACH ROW WHEN (OLD.version = '%s')
        EXECUTE FUNCTION test.stay()
        """
            .formatted(
                does,
                kind,
                when,
                kind.startsWith("CONSTRAINT") ? "DEFERRABLE INITIALLY DEFERRED" : "",
                version));
    return back(three).run();
  }

  private TestJob.Ended whileBusy() throws SQLException {
    try (var other = database.connect();
        var statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE test.busy");
      return back(three.with(ARTIST, "TABLE test.busy;")).lockTimeout(300).run();
    }
  }

  private TestJob.Ended cutWhileSlow(String which) {
    var job = back(three.with(ARTIST, SLOW));
    var ended = CompletableFuture.supplyAsync(job::run);
    awaitSlow();
    database.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s' AND pid <> pg_backend_pid() AND %s"
            .formatted(database.name(), which));
    return ended.join();
  }

  private TestJob.Ended killed() {
    var running = back(three.with(ARTIST, SLOW)).start();
    awaitSlow();
    running.kill();
    await().atMost(Duration.ofSeconds(60)).until(() -> slow().isEmpty());
    var nothing = new Report(Outcome.LOST, null, null, 0, null, null, null);
    return new TestJob.Ended(137, nothing, running.log());
  }

  private void awaitSlow() {
    await().atMost(Duration.ofSeconds(60)).until(() -> !slow().isEmpty());
  }

  private List<?> slow() {
    return database.query(
        "SELECT pid FROM pg_stat_activity WHERE datname = '%s' AND pid <> pg_backend_pid() AND state = 'active' AND query LIKE '%%pg_sleep(100)%%'"
            .formatted(database.name()));
  }
}
