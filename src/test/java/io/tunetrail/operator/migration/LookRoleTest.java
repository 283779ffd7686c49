package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.database.Inspector;
import io.tunetrail.operator.database.InvalidScripts;
import io.tunetrail.operator.database.LookRequest;
import io.tunetrail.operator.database.MigrationScripts;
import io.tunetrail.operator.engine.ScriptFile;
import io.tunetrail.operator.engine.ScriptSet;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.lifecycle.SchemaState.State;
import io.tunetrail.operator.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The role look on real PostgreSQL. */
class LookRoleTest {
  private final TestDatabase database = TestDatabase.create();

  /** But for what is another moment's: the size, and the sessions that end just then. */
  @Test
  void a_job_sees_what_the_operator_would_see() {
    assertThat(TestJob.migrate(database).script("V1__songs.sql", "CREATE TABLE songs ()").run())
        .extracting(TestJob.Ended::outcome)
        .isEqualTo(Outcome.DONE);
    var job = given().script("V2__users.sql", "CREATE TABLE users ()");
    var ended = job.run();
    assertThat(ended.exitCode()).isZero();
    assertThat(LookFrame.parse(ended.log()).orElseThrow())
        .usingRecursiveComparison()
        .ignoringFields("facts.sizeBytes", "facts.activity")
        .isEqualTo(
            new Inspector()
                .look(
                    database.settings(),
                    new LookRequest("uid-1", job.settings(), null, job.scripts())));
  }

  @Test
  void a_refusal_is_told_in_the_words_of_the_operators_own_look() {
    var ended = given().secret("password", "wrong").run();
    var told = LookFrame.parse(ended.log()).orElseThrow();
    assertThat(told)
        .isEqualTo(
            new Inspector()
                .look(
                    database.settingsOf(database.owner(), "wrong"),
                    new LookRequest("uid-1", null, null, given().scripts())));
    assertThat(ended.outcome()).isEqualTo(Outcome.AUTHENTICATION_FAILED);
  }

  @Test
  void a_server_that_is_away_is_told_as_such() {
    var ended = given().secret("port", "1").run();
    assertThat(LookFrame.parse(ended.log()).orElseThrow())
        .isInstanceOfSatisfying(
            Look.Unseen.class,
            it -> assertThat(it.reason()).isEqualTo(Reason.DATABASE_UNREACHABLE));
    assertThat(ended.outcome()).isEqualTo(Outcome.UNREACHABLE);
  }

  @Test
  void a_secret_that_can_not_be_used_is_told_as_such() {
    var ended = given().secret("port", "many").run();
    assertThat(LookFrame.parse(ended.log()).orElseThrow())
        .isInstanceOfSatisfying(
            Look.Unseen.class, it -> assertThat(it.reason()).isEqualTo(Reason.INVALID_CONNECTION));
  }

  @Test
  void other_scripts_than_it_was_started_for_are_not_looked_at() {
    var ended = given().digest("sha256:before").run();
    assertThat(ended.outcome()).isEqualTo(Outcome.INPUTS_CHANGED);
    assertThat(LookFrame.parse(ended.log())).isEmpty();
  }

  @Test
  void the_scripts_of_an_image_are_known_by_what_it_told() throws InvalidScripts {
    var job = TestJob.look(database);
    var songs = new ScriptFile(0, "2026/V1__songs.sql", "CREATE TABLE songs ()");
    var listing = MigrationScripts.of(new ScriptSet(List.of(songs)), job.settings()).listing();
    assertThat(LookFrame.parse(job.told(listing).run().log()).orElseThrow())
        .isInstanceOfSatisfying(
            Look.Seen.class,
            it ->
                assertThat(((SchemaState.Flyway) it.facts().schema()).migrations())
                    .extracting(Migration::script, Migration::state)
                    .containsExactly(tuple("2026/V1__songs.sql", State.PENDING)));
  }

  @Test
  void a_short_password_does_not_tear_the_frame() {
    database.server().execute("ALTER ROLE %s PASSWORD 'eA'".formatted(database.owner()));
    var ended = given().secret("password", "eA").run();
    assertThat(LookFrame.parse(ended.log())).isPresent();
  }

  @Test
  void it_writes_nothing() {
    given().run();
    assertThat(database.query("SELECT nspname FROM pg_namespace WHERE nspname = 'tunetrail'"))
        .isEqualTo(List.of());
  }

  private TestJob given() {
    return TestJob.look(database).script("V1__songs.sql", "CREATE TABLE songs ()");
  }
}
