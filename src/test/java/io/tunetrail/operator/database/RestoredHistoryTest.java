package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What tunetrail.history tells of a restore. */
class RestoredHistoryTest {
  private final TestDatabase database = TestDatabase.create();

  private Fence fence() throws SQLException {
    return switch (Fence.acquire(database.settings(), "test", Duration.ofSeconds(20), false)) {
      case Fence.Attempt.Held it -> it.fence();
      case Fence.Attempt.Refused it -> throw new AssertionError(it.detail());
    };
  }

  private static WorkHistory.Entry entry(String work) {
    return new WorkHistory.Entry(
        work,
        "music/karaoke",
        "uid",
        work + "-job",
        "commercial",
        "production",
        "sha256:0",
        null,
        "boss",
        null,
        null,
        null);
  }

  @Test
  void a_restore_is_the_newest_work_and_leaves_the_versions_as_the_dump_had_them()
      throws SQLException {
    try (var fence = fence()) {
      var history = new WorkHistory(fence, "public");
      history.open(database.settings());
      history.finish(history.begin(entry("migrate")), "Done", "2", List.of("1", "2"));
      history.finish(history.begin(entry("migrate")), "SqlFailed", "2", List.of("1", "2"));

      RestoredHistory.note(fence, database.settings(), entry("restore"), "flyway_schema_history");
    }
    assertThat(
            database.query(
                """
                SELECT concat_ws(' ', work, job, history_schema, to_version, ancestors, outcome, schema_digest IS NOT NULL)
                FROM tunetrail.history ORDER BY id DESC LIMIT 1
                """))
        .containsExactly("restore restore-job public 2 {1,2} Done t");
  }

  @Test
  void a_database_that_nobody_works_on_gets_no_history() throws SQLException {
    try (var fence = fence()) {
      RestoredHistory.note(fence, database.settings(), entry("restore"), null);
    }
    assertThat(database.query("SELECT to_regnamespace('tunetrail')")).containsOnlyNulls();
  }
}
