package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.engine.ScriptSet;
import io.tunetrail.operator.lifecycle.SchemaDrift;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestPostgres;
import io.tunetrail.operator.testing.TestSpecs;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A look at a database as large as they come. */
@Timeout(300)
class LargeSchemaTest {
  private static final int TABLES = 5_000;
  private static final int MIGRATIONS = 2_000;

  private static TestPostgres server;

  @BeforeAll
  static void startOneThatCountsQueries() {
    server = TestPostgres.startOwn();
    server.execute("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'");
    server.execute("ALTER SYSTEM SET max_locks_per_transaction = 1000");
    server.stop();
    server.resume();
    server.execute("CREATE EXTENSION pg_stat_statements");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Scripts, of which Flyway's history holds all but the last. */
  private static ScriptSet migrated(TestDatabase database, int tables, int migrations)
      throws InvalidScripts {
    database.execute(
        "DO $$ BEGIN FOR i IN 1..%d LOOP EXECUTE 'CREATE TABLE table_' || i || ' (id int)'; END LOOP; END $$"
            .formatted(tables));
    var settings = Looking.settings(null, null);
    FlywayConfiguration.of(
            settings,
            MigrationScripts.of(Looking.scripts("V0.1__begin.sql", "SELECT 1;"), settings),
            new OpeningDataSource(database::connect))
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load()
        .migrate();
    var names = new ArrayList<String>();
    names.addAll(List.of("V0.1__begin.sql", "SELECT 1;"));
    for (int number = 1; number <= migrations; number++) {
      names.addAll(List.of("V%d__change.sql".formatted(number), "SELECT 1;"));
    }
    database.execute(
        """
        INSERT INTO flyway_schema_history
        SELECT 10 + i, i::text, 'change', 'SQL', 'V' || i || '__change.sql', h.checksum, 'x', now(), 1, true
        FROM generate_series(1, %d) i, flyway_schema_history h WHERE h.script = 'V0.1__begin.sql'
        """
            .formatted(migrations - 1));
    return Looking.scripts(names.toArray(String[]::new));
  }

  private static SchemaState.Flyway look(TestDatabase database, ScriptSet scripts) {
    var settings = Looking.settings(null, null);
    var look =
        new Inspector(Duration.ofSeconds(60))
            .look(database.settings(), new LookRequest("uid-1", settings, null, scripts));
    return (SchemaState.Flyway) Looking.seen(look).schema();
  }

  private static int queriesOf(TestDatabase database, ScriptSet scripts) {
    server.execute("SELECT pg_stat_statements_reset()");
    look(database, scripts);
    return Integer.parseInt(
        Objects.requireNonNull(
            server
                .query(
                    "SELECT sum(calls) FROM pg_stat_statements WHERE userid = '%s'::regrole"
                        .formatted(database.owner()))
                .getFirst()));
  }

  @Test
  void fault_57_a_look_at_5000_tables_and_2000_migrations_asks_no_more_than_one_at_few()
      throws InvalidScripts, SQLException {
    var small = TestDatabase.createOn(server);
    var large = TestDatabase.createOn(server);
    var few = migrated(small, 5, 3);
    var many = migrated(large, TABLES, MIGRATIONS);

    assertThat(Looking.states(look(large, many)).subList(MIGRATIONS, MIGRATIONS + 2))
        .containsExactly("V1999__change.sql APPLIED", "V2000__change.sql PENDING");
    assertThat(queriesOf(large, many)).isEqualTo(queriesOf(small, few)).isPositive();
  }

  /** A work that changed nothing and recorded what there is. */
  private static void recorded(TestDatabase database) throws SQLException {
    var attempt =
        Fence.acquire(database.settings(), "tunetrail/job", Duration.ofSeconds(20), false);
    try (var fence = ((Fence.Attempt.Held) attempt).fence()) {
      var history = new WorkHistory(fence, "public");
      history.open(database.settings());
      var entry = TestSpecs.work("migrate", "job");
      assertThat(history.done(history.begin(entry), "1", List.of("1"), null)).isEmpty();
    }
  }

  private static SchemaDrift drift(TestDatabase database, Inspector inspector) {
    var request = new LookRequest("uid-1", Looking.settings(null, null), null, Looking.scripts());
    return Looking.seen(inspector.look(database.settings(), request)).drift();
  }

  private static Duration time(Runnable look) {
    long begin = System.nanoTime();
    look.run();
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  @Test
  void a_look_at_5000_tables_with_columns_takes_less_than_a_second() throws SQLException {
    var large = TestDatabase.createOn(server);
    large.execute(
        """
        DO $$ BEGIN FOR i IN 1..%d LOOP EXECUTE format(
          'CREATE TABLE table_%%s (id int PRIMARY KEY, a text NOT NULL DEFAULT %%L, b int CHECK (b > 0), c date, d text)',
          i, 'x'); END LOOP; END $$
        """
            .formatted(TABLES));
    recorded(large);
    var inspector = new Inspector(Duration.ofSeconds(60));
    var unchanged =
        Stream.generate(() -> time(() -> assertThat(drift(large, inspector).found()).isFalse()))
            .limit(5)
            .sorted()
            .toList();
    large.execute("ALTER TABLE table_7 ADD born date");
    assertThat(drift(large, inspector).added())
        .containsExactly("table public.table_7: column born");

    assertThat(unchanged.getFirst()).isLessThan(Duration.ofSeconds(1));
  }
}
