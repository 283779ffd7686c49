package io.tunetrail.operator.database;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.LastMigration;
import io.tunetrail.operator.api.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** tunetrail.history of each release is read; what a newer one would be misread in is refused. */
class ReleasedHistoryTest extends Looking {
  private static final Path RELEASED = Path.of("src", "test", "resources", "released");

  static Stream<Path> histories() throws IOException {
    try (var releases = Files.list(RELEASED)) {
      return releases.map(it -> it.resolve("history.sql")).toList().stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("histories")
  void what_a_release_wrote_is_read(Path history) throws Exception {
    database.execute(Files.readString(history));

    var facts = facts(settings(null, null), scripts("V1__songs.sql", SONGS));

    assertThat(facts.strictestEnvironment()).isEqualTo(Environment.PRODUCTION);
    assertThat(facts.migratedBefore()).isTrue();
    assertThat(requireNonNull(facts.lastWork()).outcome()).isEqualTo("MigrationFailed");
    assertThat(facts.history())
        .extracting(LastMigration::job, LastMigration::to, LastMigration::approvedBy)
        .containsExactly(tuple("songs-migrate-2", "1", null), tuple("songs-migrate-1", "1", "ada"));
  }

  @Test
  void what_a_newer_release_wrote_otherwise_is_refused_and_no_job_starts() throws Exception {
    database.execute(Files.readString(RELEASED.resolve("v0.1.0/history.sql")));
    database.execute("UPDATE tunetrail.history SET format = 2 WHERE id = 2");

    var look = unseen(look(settings(null, null), scripts("V1__songs.sql", SONGS)));

    assertThat(look.reason()).isEqualTo(Reason.HISTORY_TOO_NEW);
    assertThat(look.detail()).contains("rows of format 2", "reads up to 1");
  }
}
