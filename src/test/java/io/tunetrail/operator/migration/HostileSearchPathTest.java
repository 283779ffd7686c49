package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.testing.HostileSchema;
import io.tunetrail.operator.testing.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever works asks PostgreSQL, and nobody who put names of the same kind before its own. */
@Timeout(180)
class HostileSearchPathTest {
  private static final String SONGS = "CREATE TABLE public.songs (id int PRIMARY KEY);";

  private final TestDatabase database = TestDatabase.create();
  private final HostileSchema hostile = HostileSchema.plantIn(database);

  private TestJob inPublic(TestJob job) {
    return job.flyway(TestJob.spec(null, null, null, "public", null, null, null, null, null))
        .script("V1__songs.sql", SONGS)
        .script("V2__artist.sql", "ALTER TABLE public.songs ADD artist text;")
        .script("U2__artist.sql", "ALTER TABLE public.songs DROP artist;");
  }

  @Test
  void what_is_planted_notes_who_falls_for_it() throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute("SELECT FROM pg_class c WHERE c.relname = 'tunetrail' LIMIT 1");
    }

    assertThat(hostile.shadowed())
        .anySatisfy(it -> assertThat(it).startsWith("pg_class in SELECT FROM pg_class"))
        .anySatisfy(it -> assertThat(it).startsWith("name = "));
  }

  @Test
  void fault_49_nothing_of_ours_is_shadowed_in_a_migration_and_an_undo() {
    assertThat(inPublic(TestJob.migrate(database)).to("2").run().message()).isEmpty();
    assertThat(inPublic(TestJob.undo(database)).from("2").to("1").run().message()).isEmpty();

    assertThat(hostile.shadowed()).isEmpty();
    assertThat(database.query("SELECT to_version FROM tunetrail.history ORDER BY id"))
        .containsExactly("2", "1");
    assertThat(database.query("SELECT count(*) FROM evil.history")).containsExactly("0");
  }

  @Test
  void fault_49_nothing_of_ours_is_shadowed_in_create_all_and_a_seed() {
    assertThat(TestJob.createAll(database).script("1.sql", SONGS).run().message()).isEmpty();
    var fixtures = "INSERT INTO public.songs VALUES (1);";
    assertThat(TestJob.seed(database).script("1.sql", fixtures).run().message()).isEmpty();

    assertThat(hostile.noted()).isEmpty();
    assertThat(database.query("SELECT count(*) FROM public.songs")).containsExactly("1");
  }

  @Test
  void fault_49_nothing_of_ours_is_shadowed_in_an_adoption_by_a_scratch_database() {
    database.server().execute("ALTER ROLE " + database.owner() + " CREATEDB");
    database.execute(SONGS);

    assertThat(inPublic(TestJob.adopt(database, "1")).run().message()).isEmpty();

    assertThat(hostile.shadowed()).isEmpty();
    assertThat(database.query("SELECT version FROM public.flyway_schema_history"))
        .containsExactly("1");
  }

  @Test
  void fault_49_nothing_of_ours_is_shadowed_while_somebody_else_works() throws SQLException {
    try (var holder = database.connect();
        var statement = holder.createStatement()) {
      statement.execute("SELECT pg_catalog.pg_advisory_lock(%d)".formatted(0x74756e65_74726131L));

      var refused = inPublic(TestJob.migrate(database)).to("2").fenceTimeout(300).run();

      assertThat(refused.message()).isEqualTo("test works on the database");
      assertThat(hostile.noted()).isEmpty();
    }
  }
}
