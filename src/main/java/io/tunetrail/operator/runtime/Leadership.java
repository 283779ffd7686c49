package io.tunetrail.operator.runtime;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.tunetrail.operator.reconcile.Leader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of several operators works: the one that holds the Lease. The others fill their caches and
 * wait; should two work for a moment, the fence in each database lets one.
 *
 * <p>One that can't renew while the API server is away stops, and goes on in the same process when
 * nobody took the Lease meanwhile; one that finds another leading in its place is lost.
 */
final class Leadership implements Leader, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

  static final String LEASE = "tunetrail-operator";

  /** How long the others wait for a leader that is not heard of. */
  private static final Duration HELD = Duration.ofSeconds(15);

  /** A leader that could not renew for so long stops, well before another begins. */
  private static final Duration LEADS = Duration.ofSeconds(10);

  private static final Duration RENEWED_EVERY = Duration.ofSeconds(2);
  private static final Duration LOOKED_AT_EVERY = Duration.ofSeconds(1);
  private static final Duration REQUEST = Duration.ofSeconds(4);

  /** A round is a request or two and a pause. */
  private static final Duration LONGEST_ROUND = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final Configuration.Candidate candidate;
  private final Runnable lost;
  private final Clock clock;
  private final LeaseClaim claim;
  private final Lock requests = new ReentrantLock();
  private volatile boolean led;
  private boolean failing;
  private volatile boolean ending;
  private volatile long leadsUntil = System.nanoTime();
  private volatile @Nullable Long lastRound;
  private volatile @Nullable Instant otherLed;

  /**
   * A candidacy, to be started.
   *
   * @param lost called when another leads where this one did
   */
  Leadership(
      KubernetesClient client, Configuration.Candidate candidate, Clock clock, Runnable lost) {
    // The client's own patience would outlast the lease.
    var impatient =
        new RequestConfigBuilder()
            .withRequestRetryBackoffLimit(0)
            .withRequestTimeout(Math.toIntExact(REQUEST.toMillis()))
            .build();
    this.client = client.newClient(impatient).adapt(KubernetesClient.class);
    this.candidate = candidate;
    this.lost = lost;
    this.clock = clock;
    this.claim = new LeaseClaim(candidate.identity(), HELD);
  }

  void start() {
    lastRound = System.nanoTime();
    Thread.ofVirtual().name("leadership").start(this::run);
  }

  /** Whether the Lease is still looked at; one that stopped doing so would never lead again. */
  boolean isAlive() {
    var last = lastRound;
    return last == null || System.nanoTime() - last < LONGEST_ROUND.toNanos();
  }

  @Override
  public boolean leads() {
    return System.nanoTime() - leadsUntil < 0;
  }

  @Override
  public Optional<Instant> otherLed() {
    return Optional.ofNullable(otherLed);
  }

  @Override
  public boolean awaitLeading() throws InterruptedException {
    if (leads()) {
      return true;
    }
    synchronized (this) {
      while (!ending && !leads()) {
        wait();
      }
      return !ending;
    }
  }

  private void run() {
    try {
      while (!ending) {
        Thread.sleep(round());
        lastRound = System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks at the Lease once; returns the time until the next look. */
  private Duration round() {
    requests.lock();
    try {
      if (ending) {
        return Duration.ZERO;
      }
      long asked = System.nanoTime();
      var lease = lease().get();
      var step = claim.step(lease == null ? null : lease.getSpec(), clock.instant(), asked);
      var untilNext =
          switch (step) {
            case LeaseClaim.Hold hold -> hold(lease, hold.spec(), asked);
            case LeaseClaim.Follow follow -> follow(follow);
          };
      failing = false;
      return untilNext;
    } catch (RuntimeException e) { // whatever it is, the next look may go well
      if (!failing) {
        LOG.warn("{} can't get or hold Lease {}: {}", candidate.identity(), LEASE, e.getMessage());
      }
      failing = true; // told once
      return LOOKED_AT_EVERY;
    } finally {
      requests.unlock();
    }
  }

  /** A conflict says that another was faster. */
  private Duration hold(@Nullable Lease before, LeaseSpec spec, long asked) {
    if (before == null) {
      client
          .resource(
              new LeaseBuilder()
                  .withNewMetadata()
                  .withName(LEASE)
                  .withNamespace(candidate.namespace())
                  .endMetadata()
                  .withSpec(spec)
                  .build())
          .create();
    } else {
      client.resource(new LeaseBuilder(before).withSpec(spec).build()).update();
    }
    synchronized (this) {
      if (!leads()) {
        LOG.info("{} leads", candidate.identity());
      }
      led = true;
      leadsUntil = asked + LEADS.toNanos();
      notifyAll();
    }
    return RENEWED_EVERY;
  }

  private Duration follow(LeaseClaim.Follow follow) {
    otherLed = clock.instant();
    if (led && !ending) {
      LOG.error("{} lost Lease {}: {} leads", candidate.identity(), LEASE, follow.leader());
      led = false;
      leadsUntil = System.nanoTime();
      lost.run();
    }
    return follow.expires().compareTo(LOOKED_AT_EVERY) < 0 ? follow.expires() : LOOKED_AT_EVERY;
  }

  private Resource<Lease> lease() {
    return client.leases().inNamespace(candidate.namespace()).withName(LEASE);
  }

  /** Nobody begins any more; what is under way goes on until {@link #close}. */
  synchronized void end() {
    ending = true;
    notifyAll();
  }

  /** Lets another lead at once; to be called when nothing is done any more. */
  @Override
  public void close() {
    end();
    requests.lock(); // else it might be renewed after it was released
    try {
      var lease = lease().get();
      if (lease != null && candidate.identity().equals(lease.getSpec().getHolderIdentity())) {
        client
            .resource(new LeaseBuilder(lease).editSpec().withHolderIdentity(null).endSpec().build())
            .update();
      }
    } catch (KubernetesClientException e) {
      LOG.warn("could not release Lease {}: {}", LEASE, e.getMessage());
    } finally {
      requests.unlock();
    }
  }
}
