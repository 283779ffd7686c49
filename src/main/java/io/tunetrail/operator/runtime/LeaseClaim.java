package io.tunetrail.operator.runtime;

import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpecBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a candidate does about the Lease as it finds it; remembers since when it did not change. */
final class LeaseClaim {
  /** So much may the clocks of two nodes differ. */
  private static final Duration SKEW = Duration.ofSeconds(5);

  private final String identity;
  private final Duration held;
  private @Nullable LeaseSpec seen;
  private long seenAt;

  /**
   * A claim.
   *
   * @param held how long the others wait for this candidate once it leads and is not heard of
   */
  LeaseClaim(String identity, Duration held) {
    this.identity = identity;
    this.held = held;
  }

  /** What to do now. */
  sealed interface Step {}

  /** To write this; who could is the leader. */
  record Hold(LeaseSpec spec) implements Step {}

  /** Another leads, whose Lease expires after this time if it does not renew it. */
  record Follow(String leader, Duration expires) implements Step {}

  /**
   * What to do about the Lease.
   *
   * @param lease null where there is none yet
   * @param nanos of this process's own clock, which no one sets
   */
  Step step(@Nullable LeaseSpec lease, Instant now, long nanos) {
    var leader = lease == null ? null : lease.getHolderIdentity();
    if (lease == null || leader == null || leader.isEmpty()) {
      return new Hold(taken(lease, now));
    }
    if (leader.equals(identity)) {
      return new Hold(new LeaseSpecBuilder(lease).withRenewTime(time(now)).build());
    }
    var expires = expires(lease, now, nanos);
    return expires.isPositive() ? new Follow(leader, expires) : new Hold(taken(lease, now));
  }

  /**
   * By this process's own clock, since the time in the Lease is that of another node; yet one that
   * is long over needs no more waiting.
   */
  private Duration expires(LeaseSpec lease, Instant now, long nanos) {
    if (!lease.equals(seen)) {
      seen = lease;
      seenAt = nanos;
    }
    var duration =
        Duration.ofSeconds(Objects.requireNonNullElse(lease.getLeaseDurationSeconds(), 0));
    var unchanged = duration.minusNanos(nanos - seenAt);
    var written = lease.getRenewTime();
    var longOver =
        written == null
            ? unchanged
            : Duration.between(now, written.toInstant().plus(duration).plus(SKEW));
    return unchanged.compareTo(longOver) < 0 ? unchanged : longOver;
  }

  private LeaseSpec taken(@Nullable LeaseSpec before, Instant now) {
    var transitions = before == null ? null : before.getLeaseTransitions();
    return new LeaseSpecBuilder()
        .withHolderIdentity(identity)
        .withLeaseDurationSeconds(Math.toIntExact(held.toSeconds()))
        .withAcquireTime(time(now))
        .withRenewTime(time(now))
        .withLeaseTransitions(before == null ? 0 : Objects.requireNonNullElse(transitions, 0) + 1)
        .build();
  }

  private static ZonedDateTime time(Instant now) {
    return now.atZone(ZoneOffset.UTC);
  }
}
