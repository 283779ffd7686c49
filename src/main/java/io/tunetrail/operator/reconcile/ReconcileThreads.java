package io.tunetrail.operator.reconcile;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A thread for each reconcile, which begins once this operator leads and the {@link Bulkhead} has a
 * place for it.
 */
public final class ReconcileThreads extends AbstractExecutorService {
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("reconcile-", 0).factory());

  private final Leader leader;
  private final Bulkhead bulkhead;

  public ReconcileThreads(Leader leader, Bulkhead bulkhead) {
    this.leader = leader;
    this.bulkhead = bulkhead;
  }

  @Override
  public void execute(Runnable reconcile) {
    threads.execute(() -> inTurn(reconcile));
  }

  private void inTurn(Runnable reconcile) {
    try {
      if (leader.awaitLeading()) {
        bulkhead.work(reconcile);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the operator ends
    }
  }

  @Override
  public void shutdown() {
    threads.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    return threads.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return threads.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return threads.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return threads.awaitTermination(timeout, unit);
  }
}
