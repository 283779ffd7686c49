package io.tunetrail.operator.reconcile;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.Look;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Keeps a silent database from delaying another: few reconciles work at once, one that waits for a
 * database's answer gives its place away meanwhile, and servers that were silent last time share a
 * part of the places for looks.
 */
public final class Bulkhead {
  /**
   * How much may go on at once; who waits for a place gets it in turn.
   *
   * @param working reconciles that do not wait for a database
   * @param looking looks at servers that answered last time or were never asked
   * @param silent looks at servers that did not answer in time
   * @param perServer looks at one server, so that one which is slow is not made slower; see {@link
   *     ServerPlaces}
   * @param patience how long a look may take until its reconcile gives its place away
   */
  public record Limits(int working, int looking, int silent, int perServer, Duration patience) {
    /**
     * More at work were slower and larger on two cores (fifty: 255 MB instead of 180 MB for 1,000
     * resources); one that only waits costs a thread.
     */
    public static final Limits DEFAULT = new Limits(10, 20, 20, 10, Duration.ofMillis(500));
  }

  private final Duration patience;
  private final Semaphore working;
  private final Semaphore looking;
  private final Semaphore lookingAtSilent;
  private final int perServer;
  private final Map<String, ServerPlaces> servers = new ConcurrentHashMap<>();
  private final Set<String> silent = ConcurrentHashMap.newKeySet();

  public Bulkhead(Limits limits) {
    patience = limits.patience();
    working = new Semaphore(limits.working(), true);
    looking = new Semaphore(limits.looking(), true);
    perServer = limits.perServer();
    lookingAtSilent = new Semaphore(limits.silent(), true);
  }

  /** Runs a reconcile as soon as there is a place. */
  void work(Runnable reconcile) throws InterruptedException {
    working.acquire();
    try {
      reconcile.run();
    } finally {
      working.release();
    }
  }

  /**
   * Looks, inside {@link #work}; blocks until there is a place for it and the look has ended by its
   * own timeout.
   *
   * @param server whom it asks, as host and port
   * @throws CancellationException when the thread is interrupted
   */
  Look look(String server, Supplier<Look> look) {
    try {
      var own = servers.computeIfAbsent(server, _ -> new ServerPlaces(perServer));
      take(own.free());
      var place = place(server);
      var task = new FutureTask<>(() -> thenFree(place, own, look));
      Thread.ofVirtual().name("look of " + server).start(task);
      return answer(server, task);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while looking at " + server);
    } catch (ExecutionException e) {
      throw new IllegalStateException("looking at " + server, e.getCause());
    }
  }

  /** Chosen anew after a wait: the server may have fallen silent meanwhile. */
  private Semaphore place(String server) throws InterruptedException, ExecutionException {
    boolean wasSilent = silent.contains(server);
    var places = wasSilent ? lookingAtSilent : looking;
    take(places);
    if (silent.contains(server) == wasSilent) {
      return places;
    }
    places.release();
    return place(server);
  }

  private void take(Semaphore places) throws InterruptedException, ExecutionException {
    if (!places.tryAcquire()) {
      lendPlaceDuring(
          () -> {
            places.acquire();
            return places;
          });
    }
  }

  private static Look thenFree(Semaphore place, ServerPlaces own, Supplier<Look> supplier) {
    boolean answered = true;
    try {
      var look = supplier.get();
      answered = !isUnreachable(look);
      return look;
    } finally {
      place.release();
      own.giveBack(answered);
    }
  }

  private static boolean isUnreachable(Look look) {
    return look instanceof Look.Unseen unseen && unseen.reason() == Reason.DATABASE_UNREACHABLE;
  }

  private Look answer(String server, FutureTask<Look> task)
      throws InterruptedException, ExecutionException {
    try {
      var look = task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      silent.remove(server);
      return look;
    } catch (TimeoutException _) {
      silent.add(server);
      return lendPlaceDuring(task::get);
    }
  }

  /** Another reconcile works in this one's place meanwhile. */
  private <T> T lendPlaceDuring(Wait<T> wait) throws InterruptedException, ExecutionException {
    working.release();
    try {
      return wait.await();
    } finally {
      working.acquireUninterruptibly();
    }
  }

  private interface Wait<T> {
    T await() throws InterruptedException, ExecutionException;
  }
}
