package io.tunetrail.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

  @Test
  void a_database_at_its_target_is_looked_at_every_half_minute_among_150() {
    assertThat(Pace.of(plan(Reason.UP_TO_DATE, 30), 150)).hasSeconds(30);
  }

  @Test
  void among_500_it_is_looked_at_less_often() {
    assertThat(Pace.of(plan(Reason.UP_TO_DATE, 30), 500)).hasSeconds(100);
  }

  @Test
  void it_is_looked_at_every_two_minutes_however_many_there_are() {
    assertThat(Pace.of(plan(Reason.UP_TO_DATE, 30), 100_000)).hasSeconds(120);
  }

  @Test
  void what_waits_for_something_is_looked_at_as_often_among_a_thousand() {
    assertThat(Pace.of(plan(Reason.AWAITING_APPROVAL, 30), 1_000)).hasSeconds(30);
    assertThat(Pace.of(plan(Reason.DATABASE_UNREACHABLE, 5), 1_000)).hasSeconds(5);
  }

  @Test
  void a_look_that_is_due_soon_is_taken_soon() {
    assertThat(Pace.of(plan(Reason.UP_TO_DATE, 2), 1_000)).hasSeconds(2);
  }

  private static Plan plan(Reason reason, int lookAgainSeconds) {
    return Plan.say(
        new Verdict(reason, "as it is"), null, null, Duration.ofSeconds(lookAgainSeconds));
  }
}
