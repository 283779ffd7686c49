package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.analysis.PlannedStatement;
import io.tunetrail.operator.analysis.TableLock;
import io.tunetrail.operator.analysis.Trace;
import io.tunetrail.operator.analysis.Trace.Change;
import io.tunetrail.operator.analysis.Trace.Run;
import io.tunetrail.operator.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LockTraceTest {
  private static final TableLock EXCLUSIVE = new TableLock("ACCESS EXCLUSIVE", "public.songs");

  private final TestDatabase scratch = TestDatabase.create();

  @BeforeEach
  void there_are_tables() {
    scratch.execute(
        "CREATE TABLE bands (id int PRIMARY KEY);"
            + "CREATE TABLE songs (id int PRIMARY KEY, title text, band int)");
  }

  @Test
  void each_statement_tells_its_lock_also_where_an_earlier_one_took_the_same() throws SQLException {
    var traces = traces("ALTER TABLE songs ADD a int", "ALTER TABLE songs ADD b int");

    assertThat(traces).extracting(Trace::locks).containsOnly(List.of(EXCLUSIVE));
  }

  @Test
  void a_foreign_key_locks_both_tables() throws SQLException {
    var trace = trace("ALTER TABLE songs ADD FOREIGN KEY (band) REFERENCES bands");

    assertThat(trace.locks())
        .containsExactly(
            new TableLock("SHARE ROW EXCLUSIVE", "public.bands"),
            new TableLock("SHARE ROW EXCLUSIVE", "public.songs"));
  }

  @Test
  void a_table_that_is_written_anew_is_told_and_one_that_is_not_is_not() throws SQLException {
    assertThat(trace("ALTER TABLE songs ALTER id TYPE bigint").newStorage())
        .containsExactly("public.songs");
    assertThat(trace("ALTER TABLE songs ALTER title TYPE varchar").newStorage()).isEmpty();
    assertThat(trace("ALTER TABLE songs ADD c int DEFAULT 1").newStorage()).isEmpty();
    assertThat(trace("ALTER TABLE songs ADD d float DEFAULT random()").newStorage())
        .containsExactly("public.songs");
  }

  @Test
  void what_is_dropped_or_renamed_is_told_by_code_too() throws SQLException {
    scratch.execute("CREATE VIEW titles AS SELECT title FROM songs");

    assertThat(trace("DO $$ BEGIN EXECUTE 'DROP VIEW titles'; END $$").changes())
        .containsExactly(new Change("view public.titles", null, false));
    assertThat(trace("ALTER TABLE songs RENAME title TO \"Title\"").changes())
        .containsExactly(new Change("column public.songs.title", "\"Title\"", true));
    assertThat(trace("ALTER TABLE songs DROP \"Title\", DROP band").changes())
        .containsExactlyInAnyOrder(
            new Change("column public.songs.\"Title\"", null, true),
            new Change("column public.songs.band", null, true));
    assertThat(trace("ALTER TABLE bands RENAME TO artists").changes())
        .containsExactly(new Change("table public.bands", "public.artists", true));
    assertThat(trace("DROP TABLE artists").changes())
        .containsExactly(new Change("table public.artists", null, true));
  }

  @Test
  void tables_to_whose_rows_code_writes_are_told() throws SQLException {
    var traces =
        traces(
            "DO $$ BEGIN DELETE FROM songs; ALTER TABLE songs ADD x int; END $$",
            "DO $$ BEGIN ALTER TABLE songs ADD y int; END $$");

    assertThat(traces.getFirst().written()).containsExactly("public.songs");
    assertThat(traces.getFirst().locks()).containsExactly(EXCLUSIVE);
    assertThat(traces.getLast().written()).isEmpty();
  }

  @Test
  void what_the_plan_itself_has_made_is_nobodys_loss() throws SQLException {
    var traces =
        traces(
            "CREATE TABLE tours (id int, name text)",
            "ALTER TABLE songs ADD tour int",
            "ALTER TABLE songs DROP tour",
            "ALTER TABLE tours DROP name",
            "DROP TABLE tours");

    assertThat(traces).extracting(Trace::run).containsOnly(Run.IN_TRANSACTION);
    assertThat(traces).flatExtracting(Trace::changes).isEmpty();
  }

  @Test
  void what_runs_in_no_transaction_is_run_outside_where_it_stays_within_its_database()
      throws SQLException {
    var sql = "CREATE INDEX CONCURRENTLY songs_title ON songs (title)";

    assertThat(traces(List.of(planned(sql)), false))
        .singleElement()
        .extracting(Trace::run)
        .isEqualTo(Run.ONLY_OUTSIDE);
    assertThat(scratch.query("SELECT to_regclass('songs_title')")).containsExactly((String) null);
    assertThat(trace(sql).run()).isEqualTo(Run.OUTSIDE);
    assertThat(
            scratch.query(
                "SELECT indisvalid FROM pg_index WHERE indexrelid = 'songs_title'::regclass"))
        .containsExactly("t");
  }

  @Test
  void what_all_databases_share_stays_as_it_is() throws SQLException {
    var role = scratch.name() + "_made";
    scratch.server().execute("ALTER ROLE \"" + scratch.owner() + "\" CREATEROLE");

    var traces =
        traces(
            "CREATE ROLE " + role,
            "DO $$ BEGIN EXECUTE 'CREATE ROLE " + role + "'; END $$",
            "ALTER TABLE songs ADD e int");

    assertThat(traces)
        .extracting(Trace::run)
        .containsExactly(Run.TAKEN_BACK, Run.TAKEN_BACK, Run.IN_TRANSACTION);
    assertThat(scratch.query("SELECT 1 FROM pg_roles WHERE rolname = '" + role + "'")).isEmpty();
  }

  @Test
  void a_statement_that_fails_says_why_and_the_next_is_tried() throws SQLException {
    var traces = traces("ALTER TABLE nowhere ADD a int", "ALTER TABLE songs ADD a int");

    assertThat(traces.getFirst().run()).isEqualTo(Run.FAILED);
    assertThat(traces.getFirst().detail()).contains("relation \"nowhere\" does not exist");
    assertThat(traces.getLast().locks()).containsExactly(EXCLUSIVE);
  }

  @Test
  void a_script_begins_with_the_search_path_of_the_session() throws SQLException {
    var traces =
        traces(
            List.of(
                new PlannedStatement("V2__a.sql", "2", "SET search_path = pg_catalog", true),
                new PlannedStatement("V2__a.sql", "2", "ALTER TABLE songs ADD a int", true),
                new PlannedStatement("V3__b.sql", "3", "ALTER TABLE songs ADD a int", true)),
            true);

    assertThat(traces)
        .extracting(Trace::run)
        .containsExactly(Run.IN_TRANSACTION, Run.FAILED, Run.IN_TRANSACTION);
  }

  private Trace trace(String sql) throws SQLException {
    return traces(sql).getFirst();
  }

  private List<Trace> traces(String... sql) throws SQLException {
    return traces(Stream.of(sql).map(LockTraceTest::planned).toList(), true);
  }

  private static PlannedStatement planned(String sql) {
    return new PlannedStatement("V2__x.sql", "2", sql, true);
  }

  private List<Trace> traces(List<PlannedStatement> statements, boolean staysWithin)
      throws SQLException {
    try (var connection = scratch.connect()) {
      return LockTrace.of(connection, statements, _ -> staysWithin);
    }
  }
}
