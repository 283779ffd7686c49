package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.engine.HistoryTable;
import io.tunetrail.operator.lifecycle.DatabaseFacts;
import io.tunetrail.operator.lifecycle.SchemaDrift;
import io.tunetrail.operator.lifecycle.SchemaDrift.State;
import io.tunetrail.operator.testing.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a look finds of changes that no work made. */
@Timeout(120)
class DriftLookTest extends Looking {
  private final Inspector inspector = new Inspector(Duration.ofSeconds(20));

  private static WorkHistory.Entry entry(String work, String uid) {
    return new WorkHistory.Entry(
        work,
        "music/karaoke",
        uid,
        "karaoke-" + work,
        "commercial",
        "staging",
        "sha256:0",
        null,
        "ada",
        "sha256:approved",
        null,
        "grace");
  }

  private interface Working {
    void work(WorkHistory history) throws SQLException;
  }

  private void fenced(@Nullable String schema, Working working) throws SQLException {
    var attempt =
        Fence.acquire(database.settings(), "tunetrail/job", Duration.ofSeconds(10), false);
    try (var fence = ((Fence.Attempt.Held) attempt).fence()) {
      var history = new WorkHistory(fence, schema);
      history.open(database.settings());
      working.work(history);
    }
  }

  /** A work whose program ran this SQL, and that ended well. */
  private Optional<String> works(String uid, @Nullable String schema, String sql)
      throws SQLException {
    var unrecorded = new AtomicReference<@Nullable String>();
    fenced(
        schema,
        history -> {
          long row = history.begin(entry("migrate", uid));
          database.execute(sql);
          unrecorded.set(history.done(row, "1", List.of("1"), null).orElse(null));
        });
    return Optional.ofNullable(unrecorded.get());
  }

  private DatabaseFacts facts(String uid, List<String> ignored, List<HistoryTable> others) {
    var request = new LookRequest(uid, settings(null, null), null, scripts(), others, ignored);
    return seen(inspector.look(database.settings(), request));
  }

  private SchemaDrift drift(String... ignored) {
    return facts("uid-1", List.of(ignored), List.of()).drift();
  }

  @Test
  void nothing_is_compared_before_a_work_recorded_it() throws SQLException {
    assertThat(drift().state()).isEqualTo(State.UNRECORDED);
    works("uid-1", "public", SONGS);

    var drift = drift();

    assertThat(drift.state()).isEqualTo(State.COMPARED);
    assertThat(drift.found()).isFalse();
    assertThat(drift.digest()).isEqualTo(drift.recorded()).startsWith("sha256:");
    assertThat(drift.recordedAt()).isNotNull();
    assertThat(database.query("SELECT schema_digest FROM tunetrail.history"))
        .containsExactly(drift.digest());
  }

  @Test
  void what_somebody_changes_is_named_and_taken_back_it_is_gone() throws SQLException {
    works("uid-1", "public", SONGS + "CREATE TABLE bands (id int)");
    var before = drift();
    database.execute(
        "ALTER TABLE songs ADD born date; DROP TABLE bands; ALTER TABLE songs ALTER title SET NOT"
            + " NULL");

    var drift = drift();

    assertThat(drift.added()).containsExactly("table public.songs: column born");
    assertThat(drift.removed()).containsExactly("table public.bands");
    assertThat(drift.changed())
        .containsExactly("table public.songs: column title is text not null, was text");
    assertThat(drift.count()).isEqualTo(3);
    assertThat(drift.digest()).isNotEqualTo(drift.recorded());
    database.execute(
        "ALTER TABLE songs DROP born; CREATE TABLE bands (id int); ALTER TABLE songs ALTER title"
            + " DROP NOT NULL");
    assertThat(drift()).isEqualTo(before);
  }

  @Test
  void no_more_than_ten_are_named_and_all_are_counted() throws SQLException {
    works("uid-1", "public", SONGS);
    for (int i = 0; i < 12; i++) {
      database.execute("CREATE TABLE more_%d (id int)".formatted(i));
    }
    database.execute("DROP TABLE songs");

    var drift = drift();

    assertThat(drift.added()).hasSize(SchemaDrift.NAMED);
    assertThat(drift.removed()).isEmpty();
    assertThat(drift.count()).isEqualTo(13);
  }

  @Test
  void what_is_ignored_is_no_difference() throws SQLException {
    works("uid-1", "public", SONGS);
    database.execute(
        "CREATE TABLE events_2026 (id int PRIMARY KEY); CREATE INDEX tmp_a ON songs (title); CREATE"
            + " TABLE \"Odd.*\" ()");

    assertThat(drift("public.events_*", "public.songs.tmp_?", "public.\"Odd.*\"").found())
        .isFalse();
    assertThat(drift("public.events_*").added())
        .containsExactly("table public.\"Odd.*\"", "table public.songs: index tmp_a");
    assertThat(drift("*").found()).isFalse();
    database.execute("GRANT SELECT ON songs TO PUBLIC");
    assertThat(drift("public.events_*", "*tmp_?", "*Odd*", "*.grant to PUBLIC").found()).isFalse();
  }

  @Test
  void another_services_schema_is_its_own_concern() throws SQLException {
    works("uid-1", "public", SONGS);
    works("uid-2", "radio", "CREATE SCHEMA radio; CREATE TABLE radio.stations (id int)");
    assertThat(drift().found()).isFalse();
    database.execute("CREATE TABLE radio.more (id int); CREATE TABLE bands (id int)");

    assertThat(drift().added()).containsExactly("table public.bands");
  }

  @Test
  void engines_tables_are_none_of_it_whatever_they_are_called() throws SQLException {
    works("uid-1", "public", SONGS + "CREATE TABLE versions (version_num text)");
    database.execute("ALTER TABLE versions ADD more int; CREATE TABLE alembic_version ()");

    var drift = facts("uid-1", List.of(), List.of(new HistoryTable(null, "versions"))).drift();

    assertThat(drift.state()).isEqualTo(State.COMPARED);
    assertThat(drift.found()).isFalse();
  }

  @Test
  void while_somebody_works_and_after_a_work_that_failed_nothing_is_compared() throws SQLException {
    works("uid-1", "public", SONGS);
    database.execute("CREATE TABLE bands (id int)");
    fenced("public", _ -> assertThat(drift().state()).isEqualTo(State.UNDER_WAY));
    assertThat(drift().found()).isTrue();
    fenced(
        "public",
        history ->
            history.finish(
                history.begin(entry("migrate", "uid-1")), "MigrationFailed", "1", List.of("1")));
    assertThat(drift().state()).isEqualTo(State.UNFINISHED);
    fenced("public", history -> history.begin(entry("migrate", "uid-1")));
    assertThat(drift().state()).isEqualTo(State.UNFINISHED);
    works("uid-1", "public", "SELECT 1");

    assertThat(drift().found()).isFalse();
    assertThat(drift().state()).isEqualTo(State.COMPARED);
  }

  @Test
  void a_work_without_an_engine_of_the_same_resource_counts_as_one_with() throws SQLException {
    works("uid-1", "public", SONGS);
    works("uid-1", null, "CREATE TABLE bands (id int)");

    assertThat(drift().state()).isEqualTo(State.COMPARED);
    assertThat(drift().found()).isFalse();
    assertThat(
            seen(inspector.look(
                    database.settings(), new LookRequest("uid-1", null, null, scripts())))
                .drift()
                .found())
        .isFalse();
  }

  @Test
  void what_another_major_or_another_release_recorded_is_compared_with_by_names_alone()
      throws SQLException {
    works("uid-1", "public", SONGS);
    database.execute(
        "UPDATE tunetrail.schema SET server_major = 14, definitions ="
            + " array_fill('spelled otherwise'::text, ARRAY[cardinality(definitions)]);"
            + " CREATE TABLE bands ()");
    var drift = drift();
    assertThat(drift.state()).isEqualTo(State.OTHER_SERVER);
    assertThat(drift.added()).containsExactly("table public.bands");
    assertThat(drift.changed()).isEmpty();
    assertThat(drift.found()).isFalse();
    assertThat(drift.digest()).isNotNull().isNotEqualTo(drift.recorded());
    assertThat(drift()).isEqualTo(drift);
    database.execute("UPDATE tunetrail.schema SET server_major = 17, format = 99");
    assertThat(drift().state()).isEqualTo(State.OTHER_FORMAT);
    works("uid-1", "public", "SELECT 1");
    assertThat(drift().found()).isFalse();
  }

  @Test
  void a_catalog_that_somebody_locks_keeps_no_look_waiting() throws SQLException {
    works("uid-1", "public", SONGS + "CREATE VIEW titles AS SELECT title FROM songs");
    database.execute("CREATE TABLE bands ()");
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE songs IN ACCESS EXCLUSIVE MODE");
      assertThat(drift().state()).isEqualTo(State.UNREAD);
      connection.rollback();
    }
    assertThat(drift().added()).containsExactly("table public.bands");
  }

  @Test
  void tables_of_an_earlier_release_get_what_they_lack() throws SQLException {
    works("uid-1", "public", SONGS);
    database.execute(
        "DROP TABLE tunetrail.schema; ALTER TABLE tunetrail.history DROP schema_digest, DROP"
            + " requested_by");
    assertThat(drift().state()).isEqualTo(State.UNRECORDED);
    assertThat(facts("uid-1", List.of(), List.of()).history())
        .extracting("requestedBy")
        .containsOnlyNulls();

    assertThat(works("uid-1", "public", "SELECT 1")).isEmpty();

    assertThat(drift().state()).isEqualTo(State.COMPARED);
    assertThat(database.query("SELECT requested_by FROM tunetrail.history ORDER BY id"))
        .containsExactly(null, "grace");
  }

  @Test
  void a_role_that_may_not_record_works_all_the_same() throws SQLException {
    works("uid-1", "public", SONGS);
    database.server().execute(database.name(), "ALTER TABLE tunetrail.schema OWNER TO postgres");

    assertThat(works("uid-1", "public", "CREATE TABLE bands ()"))
        .hasValueSatisfying(
            it -> assertThat(it).contains("GRANT SELECT, INSERT, DELETE ON tunetrail.schema TO"));
    assertThat(drift().state()).isEqualTo(State.UNRECORDED);
  }

  @Test
  void only_the_newest_record_of_each_history_is_kept() throws SQLException {
    works("uid-1", "public", SONGS);
    works("uid-1", "public", "CREATE TABLE bands (id int)");
    works("uid-2", "radio", "CREATE SCHEMA radio");

    assertThat(database.query("SELECT work FROM tunetrail.schema ORDER BY work"))
        .containsExactly("2", "3");
    assertThat(
            database.query(
                "SELECT count(*) FROM tunetrail.history WHERE schema_digest IS NOT NULL"))
        .containsExactly("3");
  }

  @Test
  void the_last_ten_works_are_told_newest_first() throws SQLException {
    for (int i = 0; i < 12; i++) {
      works("uid-1", "public", "SELECT 1");
    }
    fenced(
        "public",
        history ->
            history.finish(
                history.begin(entry("undo", "uid-1")), "MigrationFailed", null, List.of()));

    var works = facts("uid-1", List.of(), List.of()).history();

    assertThat(works).hasSize(DatabaseFacts.REMEMBERED);
    var newest = works.getFirst();
    assertThat(newest.task()).isEqualTo("undo");
    assertThat(newest.outcome()).isEqualTo("MigrationFailed");
    assertThat(Objects.requireNonNull(works.get(1).to())).isEqualTo("1");
    assertThat(newest.approvedBy()).isEqualTo("ada");
    assertThat(newest.approvalDigest()).isEqualTo("sha256:approved");
    assertThat(newest.requestedBy()).isEqualTo("grace");
  }

  @Test
  void fault_49_a_hostile_search_path_changes_no_fingerprint() throws SQLException {
    works("uid-1", "public", SONGS);
    var before = drift().digest();
    TestPostgres.start()
        .execute("ALTER ROLE " + database.owner() + " SET search_path = public, pg_catalog");

    assertThat(
            new Inspector(Duration.ofSeconds(20))
                .look(
                    database.settings(),
                    new LookRequest(
                        "uid-1",
                        settings(null, null),
                        null,
                        scripts(),
                        List.of(),
                        List.of("nothing.*"))))
        .satisfies(it -> assertThat(seen(it).drift().digest()).isEqualTo(before));
  }
}
