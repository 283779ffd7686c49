package io.tunetrail.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tunetrail.operator.database.PostgresClients;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.WorkResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With PostgreSQL's own programs, where the machine has those of the server's major. */
@Timeout(120)
class RealArchiveTest {
  private static final String CATALOG =
      """
      SELECT concat_ws(' ', n.nspname, c.relname, c.relkind, pg_get_userbyid(c.relowner), c.relacl::text,
        obj_description(c.oid, 'pg_class'), n.nspacl::text)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname IN ('public', 'lyrics') ORDER BY 1
      """;

  @TempDir Path folder = Path.of("");

  @Test
  void what_pg_dump_wrote_pg_restore_brings_back() throws Exception {
    var made = TestRestore.create(folder);
    var installed =
        new PostgresClients(
            Path.of(System.getProperty("tunetrail.clients", "/usr/lib/postgresql")));
    assumeTrue(
        installed.of(made.serverMajor()).isPresent(), "no clients of the server's major are here");
    var restore = new TestRestore(made.live(), folder, installed, made.store());
    var live = restore.live().name();
    restore
        .live()
        .execute(
            """
            CREATE EXTENSION citext; CREATE SCHEMA lyrics;
            CREATE TABLE lyrics.lines (id serial PRIMARY KEY, words citext NOT NULL UNIQUE);
            INSERT INTO lyrics.lines (words) SELECT 'line ' || n FROM generate_series(1, 1000) n;
            COMMENT ON TABLE lyrics.lines IS 'of songs'; GRANT USAGE ON SCHEMA lyrics TO PUBLIC
            """);
    var before = restore.server().query(live, CATALOG);
    done(restore.backUpNow());
    restore.live().execute("DROP SCHEMA lyrics CASCADE; DELETE FROM songs");

    done(restore.inPlace(BackupChoice.latest(false)));

    assertThat(restore.server().query(live, CATALOG)).isEqualTo(before);
    assertThat(restore.titles(live)).containsExactly("Live");
    assertThat(restore.server().query(live, "SELECT count(*) FROM lyrics.lines"))
        .isEqualTo(List.of("1000"));
  }

  private static void done(WorkResult result) {
    assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.DONE);
  }
}
