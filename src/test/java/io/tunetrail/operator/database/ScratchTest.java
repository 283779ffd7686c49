package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tunetrail.operator.database.Scratch.Attempt;
import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestPostgres;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ScratchTest {
  private final TestDatabase database = TestDatabase.create();
  private final TestPostgres server = database.server();

  @Test
  void a_database_is_made_used_and_dropped_again() throws SQLException {
    mayCreateDatabases(database.owner());
    var scratch = made(database.settings());
    var name = scratch.settings().database();

    try (var connection = scratch.open();
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE public.songs (id int)");
    }

    assertThat(name).matches("tunetrail_scratch_[0-9]{14}_[0-9a-f]{8}");
    assertThat(comment(name)).startsWith("Belongs to the TuneTrail").contains("karaoke-baseline-1");
    scratch.close();
    assertThat(exists(name)).isFalse();
  }

  @Test
  void it_is_dropped_while_sessions_are_in_it() throws SQLException {
    mayCreateDatabases(database.owner());
    var scratch = made(database.settings());

    try (var connection = scratch.open()) {
      scratch.close();
      assertThat(connection.isValid(1)).isFalse();
    }

    assertThat(exists(scratch.settings().database())).isFalse();
  }

  @Test
  void others_of_the_server_may_not_enter_it() throws SQLException {
    mayCreateDatabases(database.owner());
    var stranger = database.name() + "_stranger";
    server.newRole(stranger, "pw");

    try (var scratch = made(database.settings())) {
      var theirs = scratch.settings();
      var entering =
          new ConnectionSettings(
              theirs.host(),
              theirs.port(),
              theirs.database(),
              stranger,
              new Password("pw"),
              theirs.sslMode(),
              theirs.caPem(),
              null);
      var session = new Session("test", java.time.Duration.ofSeconds(10), java.time.Duration.ZERO);
      assertThatThrownBy(() -> session.open(entering)).hasMessageContaining("permission denied");
    }
  }

  @Test
  void a_role_without_the_right_is_told_the_statement_and_the_other_way() throws SQLException {
    var attempt = Scratch.make(database.settings(), "karaoke-baseline-1", locale());

    assertThat(attempt)
        .isInstanceOfSatisfying(
            Attempt.Unavailable.class,
            it ->
                assertThat(it.detail())
                    .contains(
                        "role \"%s\" may not create databases".formatted(database.owner()),
                        "ALTER ROLE \"%s\" CREATEDB;".formatted(database.owner()),
                        "spec.scratch"));
  }

  @Test
  void either_the_login_or_the_role_it_takes_may_make_it_and_the_role_owns_it()
      throws SQLException {
    var team = database.name() + "_team";
    server.execute("CREATE ROLE " + team);
    server.execute("GRANT %s TO %s WITH INHERIT FALSE".formatted(team, database.owner()));
    var settings = as(team);

    assertThat(Scratch.make(settings, "p", locale())).isInstanceOf(Attempt.Unavailable.class);
    mayCreateDatabases(team);
    ownedByTeamAndDropped(settings, team);
    server.execute("ALTER ROLE " + team + " NOCREATEDB");
    mayCreateDatabases(database.owner());
    ownedByTeamAndDropped(settings, team);
  }

  private void ownedByTeamAndDropped(ConnectionSettings settings, String team) throws SQLException {
    var scratch = made(settings);
    var name = scratch.settings().database();
    try (var connection = scratch.open();
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE public.songs (id int)");
      assertThat(server.query(name, "SELECT tableowner FROM pg_tables WHERE tablename = 'songs'"))
          .containsExactly(team);
      scratch.close();
    }
    assertThat(exists(name)).isFalse();
  }

  @Test
  void it_is_encoded_as_the_live_database_and_ordered_by_bytes_where_that_locale_is_missing()
      throws SQLException {
    mayCreateDatabases(database.owner());
    var latin = new DatabaseLocale("LATIN1", "C", "C", "c", null, null);
    var icu = new DatabaseLocale("UTF8", "C", "C", "i", "de", null);
    var nowhere = new DatabaseLocale("LATIN9", "xx_XX", "xx_XX", "c", null, null);

    assertThat(encodingOf(latin)).isEqualTo("LATIN1 C");
    assertThat(encodingOf(icu)).isEqualTo("UTF8 C i");
    assertThat(encodingOf(nowhere)).isEqualTo("LATIN9 C");
    assertThat(encodingOf(locale())).startsWith("UTF8 ");
  }

  private String encodingOf(DatabaseLocale like) throws SQLException {
    try (var scratch = madeLike(like)) {
      return String.valueOf(
          server
              .query(
                  scratch.settings().database(),
                  "SELECT concat_ws(' ', pg_encoding_to_char(encoding), datcollate,"
                      + " nullif(datlocprovider::text, 'c')) FROM pg_database WHERE datname ="
                      + " current_database()")
              .getFirst());
    }
  }

  @Test
  void what_ended_pods_left_is_dropped_after_a_day_unless_it_is_used_or_somebody_elses()
      throws SQLException {
    mayCreateDatabases(database.owner());
    var leftOver =
        leftBehind(
            "20200101000000_00000001", "Belongs to the TuneTrail database operator: scratch of x");
    var uncommented = leftBehind("20200101000000_00000002", null);
    var used = leftBehind("20200101000000_00000003", null);
    var foreign = leftBehind("20200101000000_00000004", "My precious.");
    var young = leftBehind("29990101000000_00000005", null);

    try (var user = server.admin(used).getConnection();
        var scratch = made(database.settings())) {
      assertThat(user.isClosed()).isFalse();
      assertThat(exists(scratch.settings().database())).isTrue();
    }

    assertThat(List.of(exists(leftOver), exists(uncommented))).containsOnly(false);
    assertThat(List.of(exists(used), exists(foreign), exists(young))).containsOnly(true);
    List.of(used, foreign, young).forEach(it -> server.execute("DROP DATABASE " + it));
  }

  private String leftBehind(String name, @org.jspecify.annotations.Nullable String comment) {
    var database = "tunetrail_scratch_" + name;
    server.execute("CREATE DATABASE %s OWNER %s".formatted(database, this.database.owner()));
    if (comment != null) {
      server.execute("COMMENT ON DATABASE %s IS '%s'".formatted(database, comment));
    }
    return database;
  }

  private Scratch made(ConnectionSettings settings) throws SQLException {
    return ((Attempt.Made) Scratch.make(settings, "karaoke-baseline-1", locale())).scratch();
  }

  private Scratch madeLike(DatabaseLocale like) throws SQLException {
    return ((Attempt.Made) Scratch.make(database.settings(), "p", like)).scratch();
  }

  private DatabaseLocale locale() throws SQLException {
    try (var connection = database.connect()) {
      return DatabaseLocale.read(connection);
    }
  }

  private ConnectionSettings as(String role) {
    var own = database.settings();
    return new ConnectionSettings(
        own.host(),
        own.port(),
        own.database(),
        own.username(),
        own.password(),
        own.sslMode(),
        own.caPem(),
        role);
  }

  private void mayCreateDatabases(String role) {
    server.execute("ALTER ROLE " + role + " CREATEDB");
  }

  private boolean exists(String name) {
    return !server.query("SELECT 1 FROM pg_database WHERE datname = '" + name + "'").isEmpty();
  }

  private String comment(String name) {
    return String.valueOf(
        server
            .query(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '"
                    + name
                    + "'")
            .getFirst());
  }
}
