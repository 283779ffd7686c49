package io.tunetrail.operator.notification;

import io.tunetrail.operator.notification.Delivery.Done;
import io.tunetrail.operator.notification.Delivery.Later;
import io.tunetrail.operator.notification.Delivery.Never;
import io.tunetrail.operator.notification.Delivery.Outcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers notifications in their order, beside all else: who tells of something never waits. What
 * finds the queue full, or is not taken for {@value #ATTEMPTS} attempts, is dropped and counted.
 */
public final class Webhook implements Consumer<Notice>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);

  static final int QUEUED = 1_000;
  static final int ATTEMPTS = 8;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  /** Behind what is still delivered. */
  private static final Optional<Notice> END = Optional.empty();

  private final WebhookSettings settings;
  private final Delivery delivery;
  private final Consumer<String> counted;
  private final Duration firstPause;
  private final BlockingQueue<Optional<Notice>> queue = new ArrayBlockingQueue<>(QUEUED);
  private final Thread worker;
  private volatile boolean ending;
  private volatile boolean failing;

  private final AtomicBoolean overflowing = new AtomicBoolean();

  /** What was told is not told again when its status has to be written once more. */
  private final Map<String, Boolean> told =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > 2 * QUEUED;
        }
      };

  Webhook(
      WebhookSettings settings,
      InstantSource clock,
      Consumer<String> counted,
      Duration firstPause) {
    this.settings = settings;
    this.delivery = new Delivery(settings, clock);
    this.counted = counted;
    this.firstPause = firstPause;
    this.worker = Thread.ofVirtual().name("webhook").unstarted(this::work);
  }

  /**
   * One that delivers from now on.
   *
   * @param counted told of each notification's end: delivered or dropped
   */
  public static Webhook start(
      WebhookSettings settings, InstantSource clock, Consumer<String> counted) {
    return start(settings, clock, counted, Duration.ofSeconds(1));
  }

  static Webhook start(
      WebhookSettings settings,
      InstantSource clock,
      Consumer<String> counted,
      Duration firstPause) {
    var webhook = new Webhook(settings, clock, counted, firstPause);
    webhook.worker.start();
    return webhook;
  }

  @Override
  public void accept(Notice notice) {
    synchronized (told) {
      if (told.put(notice.id(), true) != null) {
        return;
      }
    }
    if (!queue.offer(Optional.of(notice))) {
      overflowed();
    }
  }

  private void work() {
    try {
      for (var next = queue.take(); next.isPresent(); next = queue.take()) {
        begin(next.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void begin(Notice notice) throws InterruptedException {
    try {
      deliver(notice);
    } catch (InterruptedException e) {
      dropped(notice, "the operator ends");
      throw e;
    }
  }

  private void deliver(Notice notice) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      switch (attempted(notice)) {
        case Done _ -> {
          delivered(notice);
          return;
        }
        case Never never -> {
          dropped(notice, never.why());
          return;
        }
        case Later later -> {
          if (attempt == ATTEMPTS || ending) {
            dropped(notice, later.why());
            return;
          }
          failed(later.why());
          Thread.sleep(pause(attempt));
        }
      }
    }
  }

  /** One notification that can't be made must not end the delivery of all. */
  private Outcome attempted(Notice notice) throws InterruptedException {
    try {
      return delivery.attempt(notice);
    } catch (RuntimeException e) {
      return new Never(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }

  private Duration pause(int attempt) {
    var pause = firstPause.multipliedBy(1L << (attempt - 1));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  private void delivered(Notice notice) {
    if (failing) {
      LOG.info("{} takes notifications again", settings.where());
      failing = false;
    }
    overflowing.set(false);
    LOG.debug("delivered {} of {}", notice.type(), notice.subject());
    counted.accept("delivered");
  }

  /** Told once, for it is the same for all that wait. */
  private void failed(String why) {
    if (!failing) {
      LOG.warn("{} takes no notifications, which wait meanwhile: {}", settings.where(), why);
      failing = true;
    }
  }

  /** Told once, until one is delivered again. */
  private void overflowed() {
    if (overflowing.compareAndSet(false, true)) {
      LOG.warn("drops notifications: {} wait for {} already", QUEUED, settings.where());
    }
    counted.accept("dropped");
  }

  private void dropped(Notice notice, String why) {
    LOG.warn("dropped notification {} of {}: {}", notice.type(), notice.subject(), why);
    counted.accept("dropped");
  }

  /** What is queued has two seconds more, where its receiver takes anything. */
  @Override
  public void close() {
    ending = true;
    try {
      if (!failing && queue.offer(END, LAST_WORDS.toSeconds(), TimeUnit.SECONDS)) {
        worker.join(LAST_WORDS);
      }
      worker.interrupt();
      worker.join(LAST_WORDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    dropWaiting();
  }

  private void dropWaiting() {
    long waiting = queue.stream().flatMap(Optional::stream).count();
    if (waiting > 0) {
      LOG.warn("drops {} notifications that wait, because the operator ends", waiting);
    }
    for (long dropped = 0; dropped < waiting; dropped++) {
      counted.accept("dropped");
    }
  }
}
