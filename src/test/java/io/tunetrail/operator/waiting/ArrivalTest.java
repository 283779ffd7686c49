package io.tunetrail.operator.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.database.VersionHistory.Answer;
import io.tunetrail.operator.database.VersionHistory.SchemaVersions;
import io.tunetrail.operator.waiting.Arrival.Arrived;
import io.tunetrail.operator.waiting.Arrival.Missing;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ArrivalTest {
  private static final String TRUNK = "3f2a9c01d2b4";

  private static SchemaVersions schema(String name, String... versions) {
    var version = versions.length == 0 ? null : versions[versions.length - 1];
    return new SchemaVersions(name, version, List.of(versions), null, "Done");
  }

  private static Answer recorded(SchemaVersions... schemas) {
    return new Answer.Recorded(List.of(schemas), false, List.of());
  }

  private static Answer created(SchemaVersions... schemas) {
    return new Answer.Recorded(List.of(schemas), true, List.of());
  }

  private static Arrival arrival(Answer answer, String wanted) {
    return arrival(answer, wanted, null);
  }

  private static Arrival arrival(Answer answer, String wanted, @Nullable String schema) {
    return Arrival.of(
        answer, new WaitOrder(Wanted.parse(wanted), Duration.ofMinutes(1), schema, null));
  }

  private static void assertArrived(Answer answer, String wanted) {
    assertThat(arrival(answer, wanted)).as(wanted).isInstanceOf(Arrived.class);
  }

  private static void assertMissing(Answer answer, String wanted) {
    assertThat(arrival(answer, wanted)).as(wanted).isInstanceOf(Missing.class);
  }

  @Test
  void a_version_is_there_when_it_is_among_the_schemas_versions() {
    var answer = recorded(schema("public", "1", "2", "5"));

    assertThat(arrival(answer, "5")).isEqualTo(new Arrived("version 5 is there"));
    assertThat(arrival(answer, "2")).isEqualTo(new Arrived("version 2 is there"));
    assertThat(arrival(answer, "7")).isEqualTo(new Missing("the database is at 5"));
  }

  @Test
  void a_lower_number_that_never_ran_is_not_there() {
    assertThat(arrival(recorded(schema("public", "1", "2", "5")), "4"))
        .isEqualTo(new Missing("the database is at 5"));
  }

  @Test
  void flyways_versions_are_equal_as_numbers() {
    assertArrived(recorded(schema("public", "2")), "2.0");
    assertArrived(recorded(schema("public", "2.0")), "2");
    assertArrived(recorded(schema("public", "1.1")), "1_1");
    assertArrived(recorded(schema("public", "001")), "1");
    assertMissing(recorded(schema("public", "2.1")), "2");
    assertMissing(recorded(schema("public", "20")), "2");
  }

  @Test
  void the_beginning_of_flyways_version_is_another_version() {
    assertMissing(recorded(schema("public", "20240131120000")), "2024");
    assertMissing(recorded(schema("public", "2024.1")), "2024");
  }

  @Test
  void a_revision_is_found_by_its_text_or_its_unique_beginning() {
    var answer = recorded(schema("public", "0b1c2d3e4f5a", TRUNK));

    assertThat(arrival(answer, TRUNK))
        .isEqualTo(new Arrived("version %s is there".formatted(TRUNK)));
    assertThat(arrival(answer, "3f2a"))
        .isEqualTo(new Arrived("version %s is there".formatted(TRUNK)));
    assertMissing(answer, "3f2");
    assertMissing(answer, "9c01");
    assertMissing(answer, "3F2A");
  }

  @Test
  void a_beginning_that_several_revisions_share_is_refused_with_their_names() {
    var answer = recorded(schema("public", "3f2a00000000", TRUNK));

    assertThat(arrival(answer, "3f2a"))
        .isEqualTo(new Missing("several revisions begin so: 3f2a00000000, " + TRUNK));
    assertArrived(answer, "3f2a9");
  }

  @Test
  void a_whole_revision_counts_although_another_begins_with_it() {
    assertThat(arrival(recorded(schema("public", "songs", "songs_by_artist")), "songs"))
        .isEqualTo(new Arrived("version songs is there"));
  }

  @Test
  void any_schema_will_do_unless_one_is_named() {
    var answer = recorded(schema("plays", "1", "2"), schema("songs", "1"));

    assertThat(arrival(answer, "2")).isEqualTo(new Arrived("version 2 is there in schema plays"));
    assertThat(arrival(answer, "2", "songs")).isEqualTo(new Missing("the database is at 1"));
    assertThat(arrival(answer, "3"))
        .isEqualTo(new Missing("schema plays is at 2, schema songs is at 1"));
    assertThat(arrival(answer, "3", "bands"))
        .isEqualTo(new Missing("no work has brought a version to schema bands yet"));
  }

  @Test
  void many_schemas_are_not_all_listed() {
    var schemas =
        IntStream.range(0, 9).mapToObj(it -> schema("s" + it, "1")).toArray(SchemaVersions[]::new);

    assertThat(arrival(recorded(schemas), "2").words())
        .startsWith("schema s0 is at 1, ")
        .endsWith("schema s4 is at 1, …");
  }

  @Test
  void what_an_undo_took_away_is_not_there() {
    assertThat(arrival(recorded(schema("public")), "1"))
        .isEqualTo(new Missing("the database is at no version"));
    assertMissing(recorded(schema("public")), "current");
  }

  @Test
  void a_failed_work_counts_with_what_it_left_and_is_named() {
    var answer =
        recorded(new SchemaVersions("public", "5", List.of("4", "5"), null, "MigrationFailed"));

    assertArrived(answer, "5");
    assertThat(arrival(answer, "6"))
        .isEqualTo(new Missing("the database is at 5, the last work says MigrationFailed"));
  }

  @Test
  void without_history_nothing_is_there() {
    for (var wanted : List.of("1", "current", "create-all")) {
      assertThat(arrival(new Answer.NoHistory(), wanted))
          .isEqualTo(new Missing("there is no tunetrail.history yet, nor an engine's own history"));
      assertMissing(recorded(), wanted);
    }
    assertThat(arrival(recorded(), "1"))
        .isEqualTo(new Missing("no work has brought a version yet"));
  }

  @Test
  void current_is_whatever_finished_work_has_brought() {
    assertThat(arrival(recorded(schema("public", "1", "2")), "current"))
        .isEqualTo(new Arrived("the database is at 2"));
    assertThat(arrival(created(), "current")).isEqualTo(new Arrived("create-all is done"));
    assertThat(arrival(created(), "current", "songs"))
        .isEqualTo(new Missing("no work has brought a version to schema songs yet"));
  }

  @Test
  void create_all_is_there_when_one_ended_well() {
    assertThat(arrival(created(), "create-all")).isEqualTo(new Arrived("create-all is done"));
    assertThat(arrival(recorded(schema("public", "1")), "create-all"))
        .isEqualTo(new Missing("no create-all has ended well yet"));
    assertMissing(created(), "1");
  }

  @Test
  void a_server_that_gives_no_answer_is_waited_for_with_its_reason() {
    assertThat(arrival(new Answer.Unanswered("db:5432: Connection refused"), "1"))
        .isEqualTo(new Missing("db:5432: Connection refused"));
  }
}
