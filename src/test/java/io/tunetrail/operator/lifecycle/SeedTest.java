package io.tunetrail.operator.lifecycle;

import static io.tunetrail.operator.lifecycle.Case.applied;
import static io.tunetrail.operator.lifecycle.Case.flyway;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Edition;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.migration.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SeedTest {

  @Test
  void fixtures_come_once_the_schema_is_current() {
    var given = seeded();
    assertThat(requireNonNull(given.plan().start()).task()).isEqualTo(Task.MIGRATE);
    given.schema = flyway("1", applied("1"));
    assertThat(requireNonNull(given.plan().verdict()).reason()).isEqualTo(Reason.SEEDING);
    assertThat(requireNonNull(given.plan().start()).task()).isEqualTo(Task.SEED);
    assertThat(requireNonNull(given.plan().start()).scriptsDigest()).isEqualTo("sha256:fixtures");
  }

  @Test
  void fixtures_that_are_in_are_not_put_in_again() {
    var given = seeded();
    given.schema = flyway("1", applied("1"));
    given.seedApplied = "sha256:fixtures";
    assertThat(requireNonNull(given.plan().verdict()).reason()).isEqualTo(Reason.UP_TO_DATE);
    given.seedWanted = "sha256:other fixtures";
    assertThat(requireNonNull(given.plan().start()).task()).isEqualTo(Task.SEED);
  }

  @Test
  void a_community_database_gets_fixtures_too() {
    var given = seeded();
    given.edition = Edition.COMMUNITY;
    given.schema = new SchemaState.CreateAll(Case.SCRIPTS);
    assertThat(requireNonNull(given.plan().start()).task()).isEqualTo(Task.SEED);
  }

  @Test
  void fixtures_that_fail_wait_for_a_change() {
    var given = seeded();
    given.schema = flyway("1", applied("1"));
    given.ended(Outcome.SEED_FAILED, Duration.ofHours(1));
    assertThat(given.plan().start()).isNull();
    assertThat(requireNonNull(given.plan().verdict()).reason()).isEqualTo(Reason.SEED_FAILED);
  }

  private static Case seeded() {
    var given = new Case();
    given.seed = new Desired.Seed(null);
    given.seedWanted = "sha256:fixtures";
    return given;
  }
}
