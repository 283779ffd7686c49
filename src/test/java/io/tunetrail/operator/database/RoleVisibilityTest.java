package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.api.Reason;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A role that works for a login, and may not see what the login's sessions do. */
@Timeout(120)
class RoleVisibilityTest extends Looking {
  private static final String JOB = "tunetrail/karaoke-migrate-1";

  private final String role = database.name() + "_team";

  @BeforeEach
  void aRoleOwnsTheDatabase() {
    database.server().execute("CREATE ROLE " + role);
    database.server().execute("GRANT " + role + " TO " + database.owner());
    database.server().execute("GRANT CONNECT ON DATABASE " + database.name() + " TO " + role);
  }

  private ConnectionSettings settings() {
    var login = database.settings();
    return new ConnectionSettings(
        login.host(),
        login.port(),
        login.database(),
        login.username(),
        login.password(),
        login.sslMode(),
        login.caPem(),
        role);
  }

  @Test
  void who_works_is_named_to_the_look_and_to_the_next() throws SQLException {
    var attempt = Fence.acquire(settings(), JOB, Duration.ofSeconds(10), false);
    try (var fence = ((Fence.Attempt.Held) attempt).fence()) {
      assertThat(fence.isLost()).isFalse();
      assertThat(seen(look(settings())).fenceHolder()).isEqualTo(JOB);

      assertThat(Fence.acquire(settings(), "tunetrail/next", Duration.ofMillis(300), false))
          .isEqualTo(
              new Fence.Attempt.Refused(Reason.LOCK_NOT_OBTAINED, JOB + " works on the database"));
    }
  }

  @Test
  void an_index_that_is_being_built_is_not_called_invalid() throws SQLException {
    database.execute(SONGS);
    try (var writer = database.connect();
        var insert = writer.createStatement()) {
      writer.setAutoCommit(false);
      insert.execute("INSERT INTO songs VALUES (1, 'a')");
      var built =
          CompletableFuture.runAsync(
              () -> database.execute("CREATE INDEX CONCURRENTLY by_title ON songs (title)"));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  database
                      .query("SELECT relid::regclass::text FROM pg_stat_progress_create_index")
                      .equals(List.of("songs")));

      assertThat(seen(look(settings())).invalidIndexes()).isEmpty();

      writer.rollback();
      built.join();
    }
  }
}
