package io.tunetrail.operator.lifecycle;

import static io.tunetrail.operator.lifecycle.Case.applied;
import static io.tunetrail.operator.lifecycle.Case.flyway;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.ObservedJob.Blocked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Of a Job of which nothing runs the status says why, and no second one is started beside it. */
class BlockedTest {

  @ParameterizedTest
  @EnumSource(mode = Mode.MATCH_ANY, names = "IMAGE_.*|POD_.*|JOB_SUSPENDED|RIGHT_MISSING")
  void fault_12_and_29_what_keeps_the_pod_away_is_why_the_database_is_not_ready(Reason reason) {
    var given = blocked(reason);
    var plan = given.plan();
    assertThat(plan.start()).isNull();
    assertThat(plan.verdict()).isEqualTo(new Verdict(reason, "in Kubernetes' words"));
    assertThat(reason.kind()).isEqualTo(Reason.Kind.HEALING);
    assertThat(plan.lookAgain()).isEqualTo(Lifecycle.PERIOD_AWAY);
  }

  @Test
  void a_database_that_is_current_is_ready_whatever_keeps_an_old_pod_away() {
    var given = blocked(Reason.POD_REFUSED);
    given.schema = flyway("1", applied("1"));
    assertThat(requireNonNull(given.plan().verdict()).reason()).isEqualTo(Reason.UP_TO_DATE);
  }

  private static Case blocked(Reason reason) {
    var given = new Case();
    var work = requireNonNull(given.plan().start());
    given.jobs.add(
        new ObservedJob(
            "blocked",
            work.task(),
            work.inputs(),
            work.attempt(),
            null,
            new Blocked(reason, "in Kubernetes' words", 1L)));
    return given;
  }
}
