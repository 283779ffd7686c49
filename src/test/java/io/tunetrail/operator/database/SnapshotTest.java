package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.database.DatabaseContent.TableRows;
import io.tunetrail.operator.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a backup reads behind the shared fence. */
class SnapshotTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration AT_ONCE = Duration.ofMillis(300);

  private final TestDatabase database = TestDatabase.create();

  private Fence shared() throws SQLException {
    return held(Fence.acquireShared(database.settings(), "tunetrail-backup/one", SOON));
  }

  private static Fence held(Fence.Attempt attempt) {
    return switch (attempt) {
      case Fence.Attempt.Held it -> it.fence();
      case Fence.Attempt.Refused it -> throw new AssertionError(it.detail());
    };
  }

  @Test
  void two_backups_read_beside_each_other_and_a_migration_waits_for_them() throws SQLException {
    try (var _ = shared()) {
      try (var fence = shared();
          var _ = Snapshot.take(fence, SOON)) {
        assertThat(Fence.acquire(database.settings(), "tunetrail/job", AT_ONCE, false))
            .isInstanceOfSatisfying(
                Fence.Attempt.Refused.class,
                it -> {
                  assertThat(it.reason()).isEqualTo(Reason.LOCK_NOT_OBTAINED);
                  assertThat(it.detail()).contains("tunetrail-backup/one");
                });
      }
    }
    held(Fence.acquire(database.settings(), "tunetrail/job", SOON, false)).close();
  }

  @Test
  void a_backup_waits_for_a_migration() throws SQLException {
    try (var _ = held(Fence.acquire(database.settings(), "tunetrail/job", SOON, false))) {
      assertThat(Fence.acquireShared(database.settings(), "tunetrail-backup/one", AT_ONCE))
          .isInstanceOfSatisfying(
              Fence.Attempt.Refused.class, it -> assertThat(it.detail()).contains("tunetrail/job"));
    }
  }

  @Test
  void rows_are_those_of_the_moment_whatever_comes_after() throws SQLException {
    database.execute(
        """
        CREATE TABLE songs (id int); INSERT INTO songs SELECT generate_series(1, 5);
        CREATE TABLE "Half Notes" () INHERITS (songs); INSERT INTO "Half Notes" VALUES (9);
        CREATE TABLE plays (day date) PARTITION BY RANGE (day);
        CREATE TABLE plays_2026 PARTITION OF plays FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
        INSERT INTO plays VALUES ('2026-05-01'), ('2026-05-02')
        """);
    try (var fence = shared();
        var snapshot = Snapshot.take(fence, SOON)) {
      database.execute("INSERT INTO songs VALUES (6)");
      assertThat(snapshot.rows())
          .containsExactly(
              new TableRows("public", "Half Notes", 1),
              new TableRows("public", "plays_2026", 2),
              new TableRows("public", "songs", 5));
      assertThat(rowsIn(snapshot.id())).isEqualTo(5);
    }
  }

  /** As pg_dump --snapshot reads them, in a session of its own. */
  private int rowsIn(String snapshot) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      statement.execute("SET TRANSACTION SNAPSHOT '" + snapshot + "'");
      try (var rows = statement.executeQuery("SELECT count(*) FROM ONLY songs")) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  @Test
  void what_a_restore_needs_is_named() throws SQLException {
    database.server().newRole("listener", "secret");
    database.execute(
        """
        CREATE TABLE songs (id int); GRANT SELECT ON songs TO listener;
        CREATE TABLE flyway_schema_history (installed_rank int, version varchar, type varchar, success bool);
        INSERT INTO flyway_schema_history VALUES (1, '9', 'SQL', true), (2, '10', 'SQL', true), (3, '11', 'SQL', false)
        """);
    try (var fence = shared();
        var snapshot = Snapshot.take(fence, SOON)) {
      var content = snapshot.content(new EngineTables(null, null));
      assertThat(content.database()).isEqualTo(database.name());
      assertThat(content.migrationVersion()).isEqualTo("10");
      assertThat(content.roles()).contains(database.owner(), "listener");
      assertThat(content.extensions()).isEmpty();
      assertThat(content.locale().encoding()).isEqualTo("UTF8");
      assertThat(content.serverVersion()).isGreaterThan(140_000);
    }
  }
}
