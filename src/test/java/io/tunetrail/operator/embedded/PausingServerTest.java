package io.tunetrail.operator.embedded;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.api.Reason;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that answers nobody for longer than a look waits, and then goes on. */
class PausingServerTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void one_look_without_an_answer_does_not_make_a_database_unreachable(@TempDir Path folder)
      throws SQLException {
    try (var platform = EmbeddedPlatform.withOperator(folder)) {
      platform.newDatabase("paused", "paused", "paused", "secret");
      platform.applyScripts("paused", Map.of("V1__songs.sql", "CREATE TABLE songs (id int);"));
      platform.applyFlyway("paused", "paused");
      platform.awaitReason("paused", Reason.UP_TO_DATE, LIMIT);

      try (var pause = platform.postgres().admin("paused").getConnection();
          var statement = pause.createStatement()) {
        pause.setAutoCommit(false);
        statement.execute("LOCK TABLE pg_catalog.pg_class IN ACCESS EXCLUSIVE MODE");
        platform.applyScripts(
            "paused",
            Map.of("V1__songs.sql", "CREATE TABLE songs (id int);", "V2__b.sql", "SELECT 1;"));
        var first = await().atMost(LIMIT).until(() -> waiting(platform), it -> !it.isEmpty());
        await().atMost(LIMIT).until(() -> waiting(platform), it -> !first.containsAll(it));
      }
      platform.await(
          "paused",
          LIMIT,
          "at 2",
          it -> "2".equals(requireNonNull(it.getStatus()).migrationVersion()));

      assertThat(platform.api().writes())
          .extracting(it -> it.body().contains(Reason.DATABASE_UNREACHABLE.toString()))
          .doesNotContain(true);
    }
  }

  /** The server's processes that wait for the lock. */
  private static List<@Nullable String> waiting(EmbeddedPlatform platform) {
    return platform
        .postgres()
        .query(
            """
            SELECT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database
            WHERE d.datname = 'paused' AND NOT l.granted
            """);
  }
}
