package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestSpecs;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class InspectorTest extends Looking {
  @Test
  void the_same_database_seen_by_two_resources_has_one_identity() {
    var one = facts(settings(null, null), scripts("V1__songs.sql", SONGS)).identity();
    var other = facts(settings(true, null), scripts("V1__other.sql", SONGS)).identity();
    var elsewhere = TestDatabase.create();

    assertThat(one).isEqualTo(other);
    assertThat(seen(look(elsewhere.settings())).identity())
        .isNotEqualTo(seen(look(database.settings())).identity());
  }

  @Test
  void fault_19_an_index_that_create_index_concurrently_left_invalid_is_named()
      throws SQLException {
    database.execute(SONGS + "INSERT INTO songs VALUES (1, 'a'), (2, 'a')");
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(
                  () ->
                      statement.execute(
                          "CREATE UNIQUE INDEX CONCURRENTLY \"Twice\" ON songs (title)")))
          .isInstanceOf(SQLException.class);
    }

    assertThat(seen(look(database.settings())).invalidIndexes())
        .containsExactly("public.\"Twice\"");
  }

  @Test
  void sessions_are_counted_by_their_state_and_the_looks_own_are_not() throws SQLException {
    assertThat(seen(look(database.settings())).activity().connections())
        .doesNotContainKeys("active", "idle in transaction");
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT 1");
      assertThat(seen(look(database.settings())).activity().connections())
          .containsEntry("idle in transaction", 1);
    }
  }

  @Test
  void where_statements_are_not_measured_none_is_slow() {
    assertThat(seen(look(database.settings())).activity().slowStatements()).isNull();
  }

  @Test
  void who_holds_the_fence_is_seen() throws SQLException {
    var attempt =
        Fence.acquire(
            database.settings(), "tunetrail/karaoke-migrate-1", Duration.ofSeconds(10), false);
    try (var fence = ((Fence.Attempt.Held) attempt).fence()) {
      assertThat(fence.isLost()).isFalse();
      assertThat(seen(look(database.settings())).fenceHolder())
          .isEqualTo("tunetrail/karaoke-migrate-1");
    }
  }

  @Test
  void the_second_key_keeps_a_new_holder_out_while_a_backend_still_works() throws SQLException {
    try (var orphan = database.connect();
        var statement = orphan.createStatement()) {
      statement.execute("SELECT pg_advisory_lock_shared(" + 0x74756e65_74726132L + ")");

      var refused =
          Fence.acquire(database.settings(), "tunetrail/next", Duration.ofMillis(300), false);

      assertThat(refused)
          .isEqualTo(
              new Fence.Attempt.Refused(
                  Reason.LOCK_NOT_OBTAINED, "test is gone, but its backend still works"));
    }
  }

  @Test
  void a_long_jobs_name_keeps_the_end_that_tells_it_apart() throws SQLException {
    var name = "tunetrail/" + "k".repeat(50) + "-0123456789";
    var attempt = Fence.acquire(database.settings(), name, Duration.ofSeconds(10), false);
    try (var fence = ((Fence.Attempt.Held) attempt).fence()) {
      assertThat(fence.currentSchema()).isEqualTo("public");
      assertThat(seen(look(database.settings())).fenceHolder())
          .endsWith("k-0123456789")
          .hasSize(63);
    }
  }

  @Test
  void fault_49_hostile_functions_operators_and_search_paths_shadow_nothing_of_ours() {
    database.execute(
        """
        CREATE SCHEMA evil;
        CREATE FUNCTION evil.pg_backend_pid() RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION evil.pg_is_in_recovery() RETURNS bool LANGUAGE sql AS 'SELECT true';
        CREATE FUNCTION evil.current_database() RETURNS name LANGUAGE sql AS $$SELECT 'postgres'::name$$;
        CREATE FUNCTION evil.pg_database_size(oid) RETURNS int8 LANGUAGE sql AS 'SELECT 1::int8';
        CREATE FUNCTION evil.count(anyelement) RETURNS int8 LANGUAGE sql AS 'SELECT 77::int8';
        CREATE FUNCTION evil.same(name, text) RETURNS bool LANGUAGE sql AS 'SELECT true';
        CREATE OPERATOR evil.= (LEFTARG = name, RIGHTARG = text, FUNCTION = evil.same);
        CREATE FUNCTION evil.isnt(name, name) RETURNS bool LANGUAGE sql AS 'SELECT false';
        CREATE OPERATOR evil.= (LEFTARG = name, RIGHTARG = name, FUNCTION = evil.isnt);
        CREATE TABLE evil.pg_class (relname name, oid oid);
        CREATE TABLE evil.pg_database (datname name, oid oid);
        """);
    database
        .server()
        .execute("ALTER ROLE " + database.owner() + " SET search_path = evil, public, pg_catalog");
    var settings = TestSpecs.flyway("schemas: [music]");

    var facts = facts(settings, scripts("V1__songs.sql", SONGS));

    assertThat(facts.transactionPooled()).isFalse();
    assertThat(facts.inRecovery()).isFalse();
    assertThat(facts.sizeBytes()).isGreaterThan(1_000_000);
    assertThat(facts.tableCount()).isEqualTo(2);
    assertThat(states((SchemaState.Flyway) facts.schema()))
        .containsExactly("V1__songs.sql PENDING");
    assertThat(((SchemaState.Flyway) facts.schema()).historyExists()).isFalse();
  }
}
