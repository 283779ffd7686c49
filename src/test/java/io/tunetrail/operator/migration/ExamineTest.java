package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.database.RoleLook;
import io.tunetrail.operator.database.SchemaLook;
import io.tunetrail.operator.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a Job tells a person of a real database, there and back. */
class ExamineTest {
  private final TestDatabase database = TestDatabase.create();

  @Test
  void a_role_is_told_with_the_time_on_the_jobs_node() {
    var ended = TestJob.examine(database, "role").run();
    assertThat(ended.outcome()).isEqualTo(Outcome.DONE);
    assertThat(ended.log()).doesNotContain(database.password());
    var role = ExamineFrame.role(ended.log()).orElseThrow();
    assertThat(role.at()).isBetween(Instant.now().minusSeconds(60), Instant.now());
    assertThat(role.answer()).isInstanceOf(RoleLook.Answer.Told.class);
    var found = ((RoleLook.Answer.Told) role.answer()).found();
    assertThat(found.role()).isEqualTo(database.owner());
    assertThat(found.mayCreate()).isTrue();
    assertThat(found.isKnown()).isFalse();
    assertThat(found.worker()).isNull();
    assertThat(Duration.between(Instant.parse(found.clock()), role.at()).abs())
        .isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void a_schema_is_told_as_it_would_be_read_from_here() {
    database.execute(
        """
        CREATE TYPE mood AS ENUM ('calm', 'loud');
        CREATE TABLE bands (id int PRIMARY KEY, "the|name" varchar(80) NOT NULL UNIQUE, mood mood);
        CREATE TABLE songs (id int, band int REFERENCES bands);
        CREATE TABLE flyway_schema_history (id int);
        """);
    var ended = TestJob.examine(database, "schema").run();
    var read =
        SchemaLook.take(
            database.settings(), Set.of("flyway_schema_history"), Duration.ofSeconds(30));
    assertThat(ExamineFrame.schema(ended.log())).contains(read);
    assertThat(((SchemaLook.Answer.Told) read).schema().tables()).hasSize(2);
  }

  @Test
  void a_password_that_is_refused_is_an_answer_with_its_remedy() {
    var ended = TestJob.examine(database, "role").secret("password", "wrong").run();
    assertThat(ended.outcome()).isEqualTo(Outcome.DONE);
    var answer = ExamineFrame.role(ended.log()).orElseThrow().answer();
    assertThat(answer).isInstanceOf(RoleLook.Answer.Refused.class);
    assertThat(((RoleLook.Answer.Refused) answer).remedy()).isNotEmpty();
    assertThat(ExamineFrame.schema(ended.log())).isEmpty();
  }

  @Test
  void what_nobody_can_answer_is_refused() {
    assertThat(TestJob.examine(database, "weather").run().outcome())
        .isEqualTo(Outcome.INVALID_INPUT);
    assertThat(ExamineFrame.role(String.join("\n", List.of("no frame")))).isEmpty();
  }
}
