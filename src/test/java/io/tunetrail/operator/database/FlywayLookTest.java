package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class FlywayLookTest extends Looking {
  @Test
  void an_empty_database_has_everything_pending_and_the_look_leaves_no_trace() {
    var scripts =
        scripts(
            "V2__artist.sql",
            "ALTER TABLE songs ADD artist text;",
            "V1__songs.sql",
            SONGS,
            "R__titles.sql",
            "SELECT 1;",
            "U1__songs.sql",
            "DROP TABLE songs;",
            "V2__artist.sql.conf",
            "executeInTransaction=false");

    var facts = facts(settings(null, null), scripts);

    var schema = (SchemaState.Flyway) facts.schema();
    assertThat(schema.historyExists()).isFalse();
    assertThat(schema.tablesExist()).isFalse();
    assertThat(schema.current()).isNull();
    assertThat(states(schema))
        .containsExactly(
            "V1__songs.sql PENDING", "V2__artist.sql PENDING", "R__titles.sql PENDING");
    assertThat(schema.migrations().getFirst().description()).isEqualTo("songs");
    assertThat(schema.migrations())
        .extracting(Migration::contentDigest)
        .doesNotContainNull()
        .doesNotHaveDuplicates();
    assertThat(facts.serverVersion()).isGreaterThanOrEqualTo(170000);
    assertThat(facts.inRecovery()).isFalse();
    assertThat(facts.transactionPooled()).isFalse();
    assertThat(facts.sizeBytes()).isPositive();
    assertThat(facts.tableCount()).isZero();
    assertThat(facts.strictestEnvironment()).isNull();
    assertThat(facts.fenceHolder()).isNull();
    assertThat(facts.interrupted()).isNull();
    assertThat(facts.lastWork()).isNull();
    assertThat(
            database.query(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
        .isEmpty();
    assertThat(database.query("SELECT nspname FROM pg_namespace WHERE nspname = 'tunetrail'"))
        .isEmpty();
  }

  @Test
  void what_flyway_applied_is_applied_and_its_table_is_not_counted() throws InvalidScripts {
    var settings = settings(null, null);
    flywayMigrates(
        scripts(
            "V1__songs.sql",
            SONGS,
            "V2__artist.sql",
            "ALTER TABLE songs ADD artist text;",
            "R__titles.sql",
            "CREATE OR REPLACE VIEW titles AS SELECT title FROM songs;"),
        settings);
    database.execute("CREATE TABLE plays (song int) PARTITION BY LIST (song)");

    var facts =
        facts(
            settings,
            scripts(
                "V1__songs.sql",
                SONGS,
                "V2__artist.sql",
                "ALTER TABLE songs ADD artist text; -- changed",
                "V3__year.sql",
                "SELECT 1;",
                "R__titles.sql",
                "CREATE OR REPLACE VIEW titles AS SELECT title, id FROM songs;"));

    var schema = (SchemaState.Flyway) facts.schema();
    assertThat(schema.historyExists()).isTrue();
    assertThat(schema.tablesExist()).isTrue();
    assertThat(schema.current()).isEqualTo("2");
    assertThat(states(schema))
        .containsExactly(
            "V1__songs.sql APPLIED",
            "V2__artist.sql CHANGED",
            "V3__year.sql PENDING",
            "R__titles.sql PENDING");
    assertThat(facts.tableCount()).isEqualTo(2);
  }

  @Test
  void a_script_of_a_comments_change_has_another_content() throws InvalidScripts {
    var one = flyway(settings(null, null), scripts("V1__songs.sql", SONGS)).migrations().getFirst();
    var withConfiguration =
        flyway(
                settings(null, null),
                scripts("V1__songs.sql", SONGS, "V1__songs.sql.conf", "executeInTransaction=false"))
            .migrations()
            .getFirst();

    assertThat(withConfiguration.contentDigest()).isNotEqualTo(one.contentDigest());
  }

  @Test
  void removed_future_and_skipped_scripts_are_told_apart() throws InvalidScripts {
    flywayMigrates(
        scripts("V1__songs.sql", SONGS, "V3__a.sql", "SELECT 1;", "V9__b.sql", "SELECT 1;"),
        settings(null, null));
    var now =
        scripts("V1__songs.sql", SONGS, "V2__late.sql", "SELECT 1;", "V4__more.sql", "SELECT 1;");

    assertThat(states(flyway(settings(null, null), now)))
        .containsExactly(
            "V1__songs.sql APPLIED",
            "V3__a.sql REMOVED",
            "V9__b.sql FUTURE",
            "V2__late.sql SKIPPED",
            "V4__more.sql SKIPPED");
    assertThat(states(flyway(settings(true, null), now)))
        .containsExactly(
            "V1__songs.sql APPLIED",
            "V3__a.sql REMOVED",
            "V9__b.sql FUTURE",
            "V2__late.sql PENDING",
            "V4__more.sql PENDING");
  }

  @Test
  void tables_without_a_history_stand_at_no_version_whatever_they_may_be_adopted_at() {
    database.execute(SONGS);
    var now = scripts("V1__songs.sql", SONGS, "V2__artist.sql", "SELECT 1;");

    var refused = flyway(settings(null, null), now);
    var adopted = flyway(settings(null, "1"), now);

    assertThat(refused.tablesExist()).isTrue();
    assertThat(refused.historyExists()).isFalse();
    assertThat(adopted).isEqualTo(refused);
    assertThat(states(adopted)).containsExactly("V1__songs.sql PENDING", "V2__artist.sql PENDING");
  }

  @Test
  void after_the_baseline_the_look_says_the_same() throws InvalidScripts {
    database.execute(SONGS);
    var now = scripts("V1__songs.sql", SONGS, "V2__artist.sql", "SELECT 1;");
    flywayMigrates(now, settings(null, "1"));

    var schema = flyway(settings(null, "1"), now);

    assertThat(schema.current()).isEqualTo("2");
    assertThat(states(schema))
        .containsExactly("V1__songs.sql BELOW_BASELINE", "V2__artist.sql APPLIED");
  }

  @Test
  void baseline_scripts_on_a_schema_without_history_are_refused() {
    var schema =
        facts(settings(null, null), scripts("V1__songs.sql", SONGS, "B5__all.sql", SONGS)).schema();

    assertThat(schema)
        .isInstanceOfSatisfying(
            SchemaState.Unreadable.class, it -> assertThat(it.detail()).contains("B5__all.sql"));
  }

  @Test
  void fault_41_scripts_with_the_same_version_or_no_migrations_name_are_named() {
    var schema =
        facts(
                settings(null, null),
                scripts("V1__a.sql", "SELECT 1;", "V1__b.sql", "SELECT 1;", "notes.txt", "x"))
            .schema();

    assertThat(schema)
        .isEqualTo(
            new SchemaState.Unreadable(
                "V1__a.sql and V1__b.sql have the same version; notes.txt has none of the suffixes"
                    + " .sql"));
  }

  @Test
  void an_unchanged_database_is_not_read_by_flyway_again() throws InvalidScripts {
    var scripts = scripts("V1__songs.sql", SONGS);
    flywayMigrates(scripts, settings(null, null));
    var first = facts(settings(null, null), scripts).schema();

    var second = facts(settings(null, null), scripts).schema();
    database.execute("UPDATE flyway_schema_history SET checksum = 1");
    var third = (SchemaState.Flyway) facts(settings(null, null), scripts).schema();

    assertThat(second).isSameAs(first);
    assertThat(states(third)).containsExactly("V1__songs.sql CHANGED");
  }
}
