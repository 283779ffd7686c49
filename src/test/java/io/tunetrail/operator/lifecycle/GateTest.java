package io.tunetrail.operator.lifecycle;

import static io.tunetrail.operator.lifecycle.Case.applied;
import static io.tunetrail.operator.lifecycle.Case.flyway;
import static io.tunetrail.operator.lifecycle.Case.pending;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import io.tunetrail.operator.lifecycle.SchemaState.State;
import org.junit.jupiter.api.Test;

class GateTest {

  @Test
  void production_waits_until_this_version_is_approved() {
    assertClosed(new Case().production(), Reason.AWAITING_APPROVAL);
    assertClosed(new Case().production().approve("2"), Reason.AWAITING_APPROVAL);
    assertOpen(new Case().production().approve("3"));
  }

  @Test
  void the_message_names_what_would_run_and_its_digest() {
    var plan = new Case().production().plan();
    assertThat(requireNonNull(plan.verdict()).message())
        .contains(
            "V2__step.sql, V3__step.sql",
            requireNonNull(requireNonNull(plan.progress()).pendingDigest()));
  }

  @Test
  void taking_the_approval_away_closes_the_gate() {
    var given = new Case().production().approve("3");
    given.remember(given.plan().approval());
    given.approval = null;
    assertClosed(given, Reason.AWAITING_APPROVAL);
  }

  @Test
  void a_changed_target_closes_the_gate() {
    var given = new Case().production().approve("3");
    given.target = "2";
    assertClosed(given, Reason.AWAITING_APPROVAL);
  }

  @Test
  void fault_44_an_approval_with_a_digest_binds_the_content() {
    var given = new Case().production();
    given.approve("3", digest(given));
    assertOpen(given);
    given.schema = flyway("1", applied("1"), pending("2"), edited("3"));
    assertClosed(given, Reason.APPROVAL_STALE);
  }

  @Test
  void an_approval_stays_valid_while_its_list_is_half_done() {
    var given = new Case().production();
    given.approve("3", digest(given));
    given.remember(given.plan().approval());
    given.schema = flyway("2", applied("1"), applied("2"), pending("3"));
    assertOpen(given);
  }

  @Test
  void the_digest_of_a_half_done_list_is_known_without_any_memory() {
    var given = new Case().production();
    given.approve("3", digest(given));
    given.schema = flyway("2", applied("1"), applied("2"), pending("3"));
    assertOpen(given);
    given.schema =
        flyway(
            "2",
            applied("1"),
            new Migration("2", "step 2", "V2__step.sql", "sha256:other", null, State.APPLIED),
            pending("3"));
    assertClosed(given, Reason.APPROVAL_STALE);
  }

  @Test
  void an_approval_is_spent_when_its_target_is_reached() {
    var given = new Case().production().approve("3");
    given.remember(given.plan().approval());
    given.schema = flyway("3", applied("1"), applied("2"), applied("3"));
    var reached = given.plan();
    assertThat(requireNonNull(reached.approval()).spent()).isTrue();
    assertThat(requireNonNull(reached.approval()).from()).isEqualTo("1");

    given.remember(reached.approval());
    given.schema = flyway("2", applied("1"), applied("2"), pending("3"));
    assertClosed(given, Reason.AWAITING_APPROVAL);
    given.approve("3", digest(given));
    assertOpen(given);
  }

  @Test
  void an_approval_is_void_when_the_database_left_its_way() {
    var given = new Case().production().approve("3");
    given.remember(given.plan().approval());
    given.schema = flyway(null, pending("1"), pending("2"), pending("3"));
    assertClosed(given, Reason.APPROVAL_STALE);
  }

  @Test
  void community_never_waits() {
    var given = new Case().production();
    given.edition = io.tunetrail.operator.api.Edition.COMMUNITY;
    given.schema = new SchemaState.CreateAll(null);
    assertOpen(given);
  }

  private static Migration edited(String version) {
    return new Migration(
        version,
        "step " + version,
        "V" + version + "__step.sql",
        "sha256:edited",
        null,
        State.PENDING);
  }

  private static String digest(Case given) {
    return requireNonNull(requireNonNull(given.plan().progress()).pendingDigest());
  }

  private static void assertOpen(Case given) {
    assertThat(given.plan().start()).as("%s", given.plan().verdict()).isNotNull();
  }

  private static void assertClosed(Case given, Reason reason) {
    assertThat(given.plan().start()).isNull();
    assertThat(requireNonNull(given.plan().verdict()).reason()).isEqualTo(reason);
  }
}
