package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The database that a restore makes, at the moments at which its process may end. */
@Timeout(120)
class ReplacementTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestDatabase live = TestDatabase.create();
  private final TestPostgres server = live.server();
  private final RestoreNames names = new RestoreNames("test/" + live.name());
  private final String previous = live.name() + "_before";

  @BeforeEach
  void songs_and_an_admin_who_is_no_superuser() {
    live.execute("CREATE TABLE songs (id int)");
    server.newRole(admin(), "pw");
    server.execute("ALTER ROLE %1$s CREATEDB; GRANT %2$s TO %1$s".formatted(admin(), live.owner()));
  }

  private String admin() {
    return live.name() + "_admin";
  }

  private Replacement made() throws SQLException {
    return Replacement.make(
        live.settingsOf(admin(), "pw").withDatabase("postgres"),
        live.settings(),
        names,
        new DatabaseLocale("UTF8", "C", "C", "c", null, null),
        null,
        "test");
  }

  private DatabaseTraits traits() throws SQLException {
    try (var connection = server.admin().getConnection()) {
      return DatabaseTraits.read(connection, live.name()).orElseThrow();
    }
  }

  private boolean takesSessions() {
    return server
        .query("SELECT 1 FROM pg_database WHERE datallowconn AND datname = '" + live.name() + "'")
        .contains("1");
  }

  private boolean exists(String name) {
    return !server.query("SELECT 1 FROM pg_database WHERE datname = '" + name + "'").isEmpty();
  }

  private void assertServesAsBefore() {
    assertThat(takesSessions()).isTrue();
    assertThat(live.query("SELECT count(*) FROM songs")).containsExactly("0");
    assertThat(exists(names.temporary())).isFalse();
    assertThat(exists(previous)).isFalse();
  }

  @Test
  void nobody_but_who_restores_gets_into_it() throws SQLException {
    try (var made = made()) {
      assertThat(
              server.query(
                  "SELECT has_database_privilege('public', '%s', 'CONNECT')"
                      .formatted(names.temporary())))
          .containsExactly("f");
      new Session("test", Duration.ofSeconds(10), Duration.ZERO).open(made.settings()).close();
    }
    assertServesAsBefore();
  }

  @Test
  void fault_37_asked_to_end_in_the_middle_of_the_swap_it_leaves_the_old_one_serving()
      throws Exception {
    var made = made();
    var before = traits();
    try (var stays = server.admin(live.name()).getConnection()) {
      var swap =
          CompletableFuture.runAsync(
              () -> {
                try {
                  made.takePlace(before, previous, "comment", PATIENCE);
                } catch (SQLException e) {
                  throw new CompletionException(e);
                }
              });
      await().atMost(PATIENCE).until(() -> !takesSessions());

      assertThat(made.settle()).isEmpty();

      assertThatThrownBy(swap::get)
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("asked to end");
      assertThat(stays.isValid(1)).isTrue();
    }
    assertServesAsBefore();
  }

  @Test
  void fault_37_a_session_that_the_admin_may_not_end_is_named_and_the_old_one_serves()
      throws SQLException {
    try (var stays = server.admin(live.name()).getConnection();
        var made = made()) {
      assertThatThrownBy(
              () -> made.takePlace(traits(), previous, "comment", Duration.ofMillis(500)))
          .hasMessageContaining("of postgres")
          .hasMessageContaining("GRANT pg_signal_backend TO \"%s\";".formatted(admin()));
      assertThat(stays.isValid(1)).isTrue();
    }
    assertServesAsBefore();
  }

  @Test
  void fault_37_a_swap_that_can_not_be_is_rolled_back_as_a_whole() throws SQLException {
    server.execute("CREATE DATABASE " + previous);
    try (var made = made()) {
      assertThatThrownBy(() -> made.takePlace(traits(), previous, "comment", PATIENCE))
          .hasMessageContaining("already exists");
    }
    assertThat(live.query("SELECT count(*) FROM songs")).containsExactly("0");
    assertThat(takesSessions()).isTrue();
    assertThat(exists(names.temporary())).isFalse();
  }

  @Test
  void what_has_its_place_is_not_undone_any_more() throws SQLException {
    var made = made();
    made.takePlace(traits(), previous, "comment", PATIENCE);

    assertThat(made.settle()).isEmpty();
    made.close();

    assertThat(exists(previous)).isTrue();
    assertThat(takesSessions()).isTrue();
    assertThat(live.query("SELECT to_regclass('public.songs')")).containsOnlyNulls();
  }

  @Test
  void a_server_that_is_away_for_the_undoing_leaves_word_of_what_to_do() throws SQLException {
    var own = TestPostgres.startOwn();
    try {
      var database = TestDatabase.createOn(own);
      own.execute("ALTER ROLE %s CREATEDB".formatted(database.owner()));
      var made =
          Replacement.make(
              database.settings().withDatabase("postgres"),
              database.settings(),
              names,
              new DatabaseLocale("UTF8", "C", "C", "c", null, null),
              null,
              "test");
      own.stop();

      assertThat(made.settle().orElseThrow())
          .contains(names.temporary(), "the next attempt drops it");

      own.resume();
      try (var session =
          Administration.open(database.settings().withDatabase("postgres"), "test")) {
        assertThat(Replacement.undoEarlier(session, database.settings(), names, null)).isEmpty();
        assertThat(session.database(names.temporary())).isEmpty();
      }
    } finally {
      own.close();
    }
  }
}
