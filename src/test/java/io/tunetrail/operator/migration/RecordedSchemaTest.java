package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.testing.TestDatabase;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What each kind of work records of the schema that it left. */
@Timeout(120)
class RecordedSchemaTest {
  private final TestDatabase database = TestDatabase.create();

  private List<@Nullable String> digests() {
    return database.query("SELECT schema_digest FROM tunetrail.history ORDER BY id");
  }

  private List<@Nullable String> recorded(String kind) {
    return database.query(
        "SELECT o.object FROM tunetrail.schema, unnest(objects, parts) o (object, part)"
            + " WHERE o.part = '' AND o.object LIKE '"
            + kind
            + " %' ORDER BY 1");
  }

  private TestJob songs(TestJob job) {
    return job.script("V1__songs.sql", "CREATE TABLE songs (id int PRIMARY KEY);")
        .script("V2__title.sql", "ALTER TABLE songs ADD title varchar CHECK (title IN ('a', 'b'));")
        .script("U2__title.sql", "ALTER TABLE songs DROP title;");
  }

  @Test
  void a_way_back_leaves_the_fingerprint_that_was_there_before() {
    songs(TestJob.migrate(database)).to("1").run();
    songs(TestJob.migrate(database)).from("1").to("2").run();
    songs(TestJob.undo(database)).from("2").to("1").run();
    songs(TestJob.migrate(database)).from("1").to("2").run();

    var digests = digests();
    assertThat(digests).hasSize(4).doesNotContainNull();
    assertThat(digests.get(2)).isEqualTo(digests.get(0)).isNotEqualTo(digests.get(1));
    assertThat(digests.get(3)).isEqualTo(digests.get(1));
    assertThat(recorded("table")).containsExactly("table public.songs");
  }

  @Test
  void a_work_that_fails_records_nothing_and_the_last_record_stays() {
    songs(TestJob.migrate(database)).to("1").run();
    var ended =
        TestJob.migrate(database)
            .script("V1__songs.sql", "CREATE TABLE songs (id int PRIMARY KEY);")
            .script("V2__broken.sql", "CREATE TABEL x;")
            .from("1")
            .to("2")
            .run();

    assertThat(ended.outcome()).isEqualTo(Outcome.SQL_FAILED);
    assertThat(digests().get(0)).isNotNull();
    assertThat(digests().get(1)).isNull();
    assertThat(database.query("SELECT work FROM tunetrail.schema")).containsExactly("1");
  }

  @Test
  void create_all_records_what_it_made_and_fixtures_record_nothing() {
    TestJob.createAll(database).script("all.sql", "CREATE TABLE songs (id int);").run();
    TestJob.seed(database).script("data.sql", "INSERT INTO songs VALUES (1);").run();

    assertThat(digests().get(0)).startsWith("sha256:");
    assertThat(digests().get(1)).isNull();
    assertThat(recorded("table")).containsExactly("table public.songs");
  }

  @Test
  void an_adoption_records_the_tables_as_they_are() {
    database.server().execute("ALTER ROLE " + database.owner() + " CREATEDB");
    database.execute("CREATE TABLE songs (id int PRIMARY KEY); CREATE TABLE by_hand (id int)");
    var ended = songs(TestJob.adopt(database, "1")).run();

    assertThat(ended.message()).isEmpty();
    assertThat(digests()).hasSize(1).doesNotContainNull();
    assertThat(recorded("table")).containsExactly("table public.by_hand", "table public.songs");
  }

  @Test
  void who_asked_for_it_is_noted_beside_who_approved_it() {
    songs(TestJob.migrate(database)).to("1").run();

    assertThat(database.query("SELECT approved_by || ' ' || requested_by FROM tunetrail.history"))
        .containsExactly("dba@example.org grace@example.org");
  }
}
