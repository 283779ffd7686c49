package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.engine.ScriptSet;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
}
