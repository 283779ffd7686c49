package io.tunetrail.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpecBuilder;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeaseClaimTest {
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
  private static final Duration HELD = Duration.ofSeconds(15);

  private final LeaseClaim first = new LeaseClaim("first", HELD);
  private final LeaseClaim second = new LeaseClaim("second", HELD);

  @Test
  void who_comes_first_takes_the_lease_and_renews_it() {
    var taken = held(first, null, 0);
    assertThat(taken.getHolderIdentity()).isEqualTo("first");
    assertThat(taken.getLeaseTransitions()).isZero();

    var renewed = held(first, taken, 2);
    assertThat(renewed.getRenewTime()).isEqualTo(taken.getRenewTime().plusSeconds(2));
    assertThat(renewed.getAcquireTime()).isEqualTo(taken.getAcquireTime());
    assertThat(renewed.getLeaseTransitions()).isZero();
  }

  @Test
  void another_waits_as_long_as_the_lease_is_renewed() {
    var lease = held(first, null, 0);
    for (int second = 1; second < 60; second++) {
      lease = held(first, lease, second);
      assertThat(step(this.second, lease, second)).isEqualTo(new LeaseClaim.Follow("first", HELD));
    }
  }

  @Test
  void another_takes_a_lease_that_did_not_change_while_it_looked() {
    var lease = held(first, null, 0);
    assertThat(step(second, lease, 0)).isEqualTo(new LeaseClaim.Follow("first", HELD));
    assertThat(step(second, lease, 14))
        .isEqualTo(new LeaseClaim.Follow("first", Duration.ofSeconds(1)));
    var taken = held(second, lease, 15);
    assertThat(taken.getHolderIdentity()).isEqualTo("second");
    assertThat(taken.getLeaseTransitions()).isEqualTo(1);
  }

  @Test
  void a_clock_that_is_a_little_ahead_takes_nothing_from_a_leader() {
    var lease = held(first, null, 0);
    assertThat(second.step(lease, NOW.plusSeconds(19), nanos(0)))
        .isInstanceOf(LeaseClaim.Follow.class);
  }

  @Test
  void a_lease_that_is_long_over_is_taken_at_once() {
    assertThat(held(second, held(first, null, 0), 21).getHolderIdentity()).isEqualTo("second");
  }

  @Test
  void a_lease_that_was_released_is_taken_at_once() {
    var released = new LeaseSpecBuilder(held(first, null, 0)).withHolderIdentity(null).build();
    assertThat(held(second, released, 1).getHolderIdentity()).isEqualTo("second");
  }

  @Test
  void a_leader_that_starts_again_under_its_name_leads_at_once() {
    var lease = held(first, null, 0);
    assertThat(held(new LeaseClaim("first", HELD), lease, 3).getHolderIdentity())
        .isEqualTo("first");
  }

  private static LeaseSpec held(LeaseClaim claim, @Nullable LeaseSpec lease, int second) {
    var step = step(claim, lease, second);
    assertThat(step).isInstanceOf(LeaseClaim.Hold.class);
    return ((LeaseClaim.Hold) step).spec();
  }

  private static LeaseClaim.Step step(LeaseClaim claim, @Nullable LeaseSpec lease, int second) {
    return claim.step(lease, NOW.plusSeconds(second), nanos(second));
  }

  private static long nanos(int second) {
    return Duration.ofSeconds(second).toNanos();
  }
}
