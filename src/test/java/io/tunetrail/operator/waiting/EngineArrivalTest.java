package io.tunetrail.operator.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.database.EngineHistory;
import io.tunetrail.operator.database.EngineHistory.Unreadable;
import io.tunetrail.operator.database.VersionHistory.Answer;
import io.tunetrail.operator.database.VersionHistory.SchemaVersions;
import io.tunetrail.operator.waiting.Arrival.Arrived;
import io.tunetrail.operator.waiting.Arrival.Missing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the engines' own histories say, beside tunetrail.history. */
class EngineArrivalTest {
  private final List<SchemaVersions> works = new ArrayList<>();
  private final List<EngineHistory> engines = new ArrayList<>();

  private void flyway(String schema, String... versions) {
    engines.add(
        new EngineHistory.Flyway(schema, "flyway_schema_history", List.of(versions), List.of()));
  }

  private void flywayFromBaseline(String baseline, String... more) {
    var versions = Stream.concat(Stream.of(baseline), Stream.of(more)).toList();
    engines.add(
        new EngineHistory.Flyway("public", "flyway_schema_history", versions, List.of(baseline)));
  }

  private void alembic(List<String> revisions, SchemaVersions... endedThere) {
    engines.add(
        new EngineHistory.Alembic("public", "alembic_version", revisions, List.of(endedThere)));
  }

  private static SchemaVersions work(@Nullable String version, String... ancestors) {
    return new SchemaVersions("public", version, List.of(ancestors), null, "Done");
  }

  private Arrival arrival(String wanted) {
    return arrival(wanted, null, null);
  }

  private Arrival arrival(String wanted, @Nullable String schema, @Nullable String table) {
    return Arrival.of(
        new Answer.Recorded(works, false, engines),
        new WaitOrder(Wanted.parse(wanted), Duration.ofMinutes(1), schema, table));
  }

  private void assertArrived(String... wanted) {
    for (var each : wanted) {
      assertThat(arrival(each)).as(each).isInstanceOf(Arrived.class);
    }
  }

  private void assertMissing(String... wanted) {
    for (var each : wanted) {
      assertThat(arrival(each)).as(each).isInstanceOf(Missing.class);
    }
  }

  @Test
  void a_version_of_flyways_own_history_is_there_although_no_work_brought_it() {
    flyway("public", "1", "10", "9");

    assertThat(arrival("9")).isEqualTo(new Arrived("version 9 is there (flyway_schema_history)"));
    assertThat(arrival("2"))
        .isEqualTo(new Missing("the database is at 10 (flyway_schema_history)"));
    assertThat(arrival("current"))
        .isEqualTo(new Arrived("the database is at 10 (flyway_schema_history)"));
    assertMissing("create-all");
  }

  @Test
  void what_flyway_committed_is_there_before_the_work_says_so() {
    works.add(work("5", "4", "5"));
    flyway("public", "4", "5", "6");

    assertArrived("4", "5", "6");
    assertThat(arrival("7")).isEqualTo(new Missing("the database is at 6 (flyway_schema_history)"));
  }

  @Test
  void flyways_own_history_is_the_truth_about_what_was_undone() {
    works.add(work("5", "4", "5"));
    flyway("public", "4");

    assertArrived("4");
    assertThat(arrival("5"))
        .isEqualTo(
            new Missing(
                "the database is at 4 (flyway_schema_history), the last work left it at 5"));
  }

  @Test
  void an_empty_history_says_that_nothing_is_there() {
    works.add(work("1", "1"));
    flyway("public");

    assertMissing("1");
    assertThat(arrival("current"))
        .isEqualTo(
            new Missing(
                "the database is at no version (flyway_schema_history), the last work left it at"
                    + " 1"));
  }

  @Test
  void one_schemas_own_history_says_nothing_of_anothers_works() {
    works.add(new SchemaVersions("songs", "3", List.of("2", "3"), null, "Done"));
    flyway("plays", "1");

    assertThat(arrival("3")).isEqualTo(new Arrived("version 3 is there in schema songs"));
    assertThat(arrival("1"))
        .isEqualTo(new Arrived("version 1 is there in schema plays (flyway_schema_history)"));
    assertThat(arrival("4"))
        .isEqualTo(
            new Missing("schema plays is at 1 (flyway_schema_history), schema songs is at 3"));
    assertThat(arrival("1", "songs", null)).isEqualTo(new Missing("the database is at 3"));
  }

  @Test
  void a_failed_work_is_named_beside_the_engines_own_history() {
    works.add(new SchemaVersions("public", "5", List.of("5"), null, "MigrationFailed"));
    flyway("public", "5");

    assertThat(arrival("6"))
        .isEqualTo(
            new Missing(
                "the database is at 5 (flyway_schema_history), the last work says"
                    + " MigrationFailed"));
  }

  @Test
  void below_a_baseline_every_number_is_there() {
    flywayFromBaseline("5", "7");

    assertThat(arrival("3"))
        .isEqualTo(new Arrived("version 3 is there (flyway_schema_history), below the baseline 5"));
    assertArrived("1", "4.9", "5", "5.0", "7");
    assertMissing("6", "8", "5.1", "3f2a");
  }

  @Test
  void a_baseline_that_a_work_set_counts_for_the_works_after_it() {
    works.add(new SchemaVersions("public", "7", List.of("5", "7"), "5", "Done"));

    assertArrived("1", "4", "5", "7");
    assertMissing("6", "8", "abcd");
    assertThat(arrival("3")).isEqualTo(new Arrived("version 3 is there, below the baseline 5"));
  }

  @Test
  void a_baseline_that_went_with_its_history_counts_no_more() {
    works.add(new SchemaVersions("public", "2", List.of("1", "2"), "5", "Done"));

    assertArrived("1", "2");
    assertMissing("3", "5");
  }

  @Test
  void a_revision_is_there_as_alembic_has_it() {
    alembic(List.of("c3c3c3c3c3c3"));

    assertThat(arrival("c3c3c3c3c3c3"))
        .isEqualTo(new Arrived("version c3c3c3c3c3c3 is there (alembic_version)"));
    assertArrived("c3c3", "current");
    assertThat(arrival("b2b2b2b2b2b2"))
        .isEqualTo(
            new Missing(
                "the database is at c3c3c3c3c3c3 (alembic_version), no work has recorded what came"
                    + " before"));
  }

  @Test
  void what_came_before_a_revision_is_there_when_a_work_recorded_it() {
    var second = work("b2b2", "a1a1", "b2b2");
    var third = work("c3c3", "a1a1", "b2b2", "c3c3");
    works.add(third);
    alembic(List.of("c3c3"), third);
    assertArrived("a1a1", "b2b2", "c3c3");
    assertThat(arrival("d4d4")).isEqualTo(new Missing("the database is at c3c3 (alembic_version)"));

    engines.clear();
    alembic(List.of("b2b2"), second);
    assertArrived("a1a1", "b2b2");
    assertThat(arrival("c3c3"))
        .isEqualTo(
            new Missing(
                "the database is at b2b2 (alembic_version), the last work left it at c3c3"));
  }

  @Test
  void of_two_branches_one_that_went_is_not_there_any_more() {
    var both = work("a2a2,b2b2", "a1a1", "a2a2", "b1b1", "b2b2");
    var one = work("a2a2", "a1a1", "a2a2");
    alembic(List.of("a2a2", "b2b2"), both, one);
    assertArrived("a1a1", "a2a2", "b1b1", "b2b2");
    assertThat(arrival("c1c1"))
        .isEqualTo(new Missing("the database is at a2a2,b2b2 (alembic_version)"));

    engines.clear();
    alembic(List.of("a2a2"), both, one);
    assertArrived("a1a1", "a2a2");
    assertMissing("b1b1", "b2b2");

    engines.clear();
    alembic(List.of("a2a2", "b3b3"), both, one);
    assertArrived("a1a1", "b3b3");
    assertMissing("b1b1", "b2b2");
  }

  @Test
  void after_a_downgrade_to_the_base_nothing_is_there() {
    works.add(work("c3c3", "b2b2", "c3c3"));
    alembic(List.of());

    assertMissing("c3c3", "b2b2", "current");
  }

  @Test
  void a_history_that_may_not_be_read_is_named_where_nothing_else_speaks() {
    engines.add(new Unreadable("public", "flyway_schema_history", "GRANT SELECT …;"));
    assertThat(arrival("1"))
        .isEqualTo(
            new Missing(
                "no work has brought a version yet, and flyway_schema_history in schema public may"
                    + " not be read. As its owner run: GRANT SELECT …;"));

    works.add(work("2", "1", "2"));
    assertArrived("1");
    assertThat(arrival("3")).isEqualTo(new Missing("the database is at 2"));
  }

  @Test
  void who_names_a_table_does_not_wait_for_a_create_all() {
    var created = new Answer.Recorded(List.of(), true, List.of());

    assertThat(
            Arrival.of(
                created,
                new WaitOrder(new Wanted.Current(), Duration.ofMinutes(1), null, "songs_version")))
        .isInstanceOf(Missing.class);
  }
}
