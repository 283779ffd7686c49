package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.engine.HistoryTable;
import io.tunetrail.operator.lifecycle.DatabaseFacts;
import io.tunetrail.operator.lifecycle.DatabaseFacts.ForeignHistory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Histories of engines that are not the resource's own. */
@Timeout(120)
class OtherHistoryTest extends Looking {
  private static final String ALEMBIC =
      "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)";

  private List<ForeignHistory> found() {
    return facts(settings(null, null), scripts("V1__songs.sql", SONGS)).foreignHistories();
  }

  @Test
  void one_with_rows_comes_with_the_statements_that_give_it_up() {
    database.execute(ALEMBIC + "; INSERT INTO alembic_version VALUES ('a1')");

    var statement = found().getFirst().retirement();

    assertThat(statement)
        .isEqualTo(
            "ALTER TABLE \"public\".\"alembic_version\" RENAME TO \"alembic_version_retired\";"
                + " ALTER INDEX \"public\".\"alembic_version_pkey\" RENAME TO"
                + " \"alembic_version_pkey_retired\"");
    database.execute(String.valueOf(statement));
    assertThat(found()).isEmpty();
    database.execute(ALEMBIC);
  }

  @Test
  void the_second_time_it_is_given_up_the_first_ones_name_is_taken() {
    database.execute(ALEMBIC + "; INSERT INTO alembic_version VALUES ('a1')");
    database.execute("CREATE TABLE alembic_version_retired ()");

    assertThat(found().getFirst().retirement())
        .contains("RENAME TO \"alembic_version_retired_2\";");
  }

  @Test
  void one_that_was_emptied_is_there_and_given_up() {
    database.execute(ALEMBIC);
    assertThat(found()).containsExactly(new ForeignHistory("public.alembic_version", null));
  }

  @Test
  void one_that_may_not_be_read_counts_as_one_with_rows() {
    database.server().execute(database.name(), ALEMBIC);

    assertThat(found()).extracting(ForeignHistory::retirement).doesNotContainNull();
  }

  @Test
  void a_policy_on_it_is_not_run_by_the_look() {
    database.server().execute(database.name(), ALEMBIC);
    database
        .server()
        .execute(
            database.name(),
            "CREATE FUNCTION spring() RETURNS boolean LANGUAGE plpgsql AS"
                + " $$ BEGIN RAISE EXCEPTION 'sprung'; END $$;"
                + " INSERT INTO alembic_version VALUES ('a1');"
                + " ALTER TABLE alembic_version ENABLE ROW LEVEL SECURITY;"
                + " CREATE POLICY trap ON alembic_version USING (spring());"
                + " GRANT SELECT ON alembic_version TO PUBLIC");

    assertThat(found()).extracting(ForeignHistory::retirement).doesNotContainNull();
  }

  @Test
  void a_long_name_leaves_room_for_what_is_added() {
    var name = "ü".repeat(31);
    database.execute("CREATE TABLE \"%1$s\" AS SELECT 1".formatted(name));

    var statement = community(new HistoryTable("public", name)).foreignHistories().getFirst();

    database.execute(String.valueOf(statement.retirement()));
    assertThat(database.query("SELECT relname FROM pg_class WHERE relname LIKE '%_retired'"))
        .containsExactly("ü".repeat(26) + "_retired");
  }

  @Test
  void community_finds_and_does_not_count_histories_under_the_names_that_the_spec_gives() {
    database.execute(
        "CREATE SCHEMA music; CREATE TABLE music.done (version text); CREATE TABLE versions ();"
            + " CREATE TABLE flyway_schema_history (); CREATE TABLE songs ()");

    var facts = community(new HistoryTable("music", "done"), new HistoryTable(null, "versions"));

    assertThat(facts.foreignHistories())
        .extracting(ForeignHistory::table)
        .containsExactly("music.done", "public.flyway_schema_history", "public.versions");
    assertThat(facts.tableCount()).isEqualTo(1);
  }

  @Test
  void one_under_a_name_that_no_spec_gives_any_more_is_found_where_a_work_of_ours_made_it() {
    database.execute(ALEMBIC.replace("alembic_version", "versions"));
    database.execute("INSERT INTO versions VALUES ('a1')");
    assertThat(found()).isEmpty();

    database.execute(
        "CREATE SCHEMA tunetrail; CREATE TABLE tunetrail.history (id bigint GENERATED ALWAYS AS"
            + " IDENTITY, format integer, work text, job text, environment text, history_schema"
            + " text, inputs_digest text, resource_uid text, from_version text, to_version text,"
            + " approved_by text, retry text, running_script text, started_at timestamptz,"
            + " finished_at timestamptz, outcome text); INSERT INTO tunetrail.history (format,"
            + " work, job, history_schema, to_version, started_at, finished_at, outcome) VALUES (1,"
            + " 'migrate', 'job', 'public', 'a1', now(), now(), 'Done')");

    assertThat(found()).extracting(ForeignHistory::table).containsExactly("public.versions");
    database.execute(String.valueOf(found().getFirst().retirement()));
    assertThat(found()).isEmpty();
  }

  private DatabaseFacts community(HistoryTable... others) {
    var request = new LookRequest("uid-1", null, null, scripts(), List.of(others), List.of());
    return seen(new Inspector(Duration.ofSeconds(30)).look(database.settings(), request));
  }
}
