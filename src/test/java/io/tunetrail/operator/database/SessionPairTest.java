package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class SessionPairTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestDatabase database = TestDatabase.create();

  private SessionPair open() throws SQLException {
    var session = new Session("pair", PATIENCE, PATIENCE);
    return SessionPair.open(session, session, database.settings());
  }

  @Test
  void both_are_open_and_each_has_a_backend_of_its_own() throws SQLException {
    var pair = open();
    try (var first = pair.first();
        var second = pair.second()) {
      assertThat(Backend.pid(first)).isNotEqualTo(Backend.pid(second));
    }
  }

  @Test
  void of_two_of_which_one_is_refused_none_stays_open() {
    database.execute("ALTER DATABASE \"%s\" CONNECTION LIMIT 1".formatted(database.name()));

    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            SQLException.class, it -> assertThat(it.getSQLState()).isEqualTo("53300"));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        database.query(
                            "SELECT pid FROM pg_stat_activity WHERE application_name = 'pair'"))
                    .isEmpty());
  }
}
