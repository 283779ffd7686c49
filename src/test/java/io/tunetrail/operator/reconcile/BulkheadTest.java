package io.tunetrail.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.Look;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two reconciles work at once; four look at servers that answer, three at silent ones, two at any
 * one.
 */
class BulkheadTest {
  private static final Look LOOK = new Look.Unseen(Reason.DATABASE_UNREACHABLE, "");
  private static final Duration PATIENCE = Duration.ofMillis(50);
  private static final Duration TIMEOUT = PATIENCE.multipliedBy(4);
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int SILENT_SERVERS = 20;

  private final Bulkhead bulkhead = new Bulkhead(new Bulkhead.Limits(2, 4, 3, 2, PATIENCE));
  private final ReconcileThreads threads = new ReconcileThreads(Leader.ALONE, bulkhead);
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger silentLooks = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();

  @AfterEach
  void stop() {
    end.countDown();
    threads.shutdownNow();
  }

  @Test
  void fault_58_servers_that_were_silent_leave_places_to_the_others() throws Exception {
    all(lookAtSilentServers(TIMEOUT));
    assertThat(mostAtOnce).hasValue(4);

    mostAtOnce.set(0);
    var hung = lookAtSilentServers(LIMIT.multipliedBy(2));
    await().atMost(LIMIT).until(() -> silentLooks.get() == 3);
    for (int i = 0; i < 10; i++) {
      assertThat(get(look("answers-" + i, () -> LOOK))).isSameAs(LOOK);
    }
    assertThat(mostAtOnce).hasValue(3);
    assertThat(hung).noneMatch(CompletableFuture::isDone);
    end.countDown();
    all(hung);
  }

  @Test
  void one_slow_server_is_looked_at_by_a_few_at_once_and_keeps_nobody_waiting() throws Exception {
    var slow =
        IntStream.range(0, SILENT_SERVERS).mapToObj(i -> silent(0, LIMIT.multipliedBy(2))).toList();
    await().atMost(LIMIT).until(() -> silentLooks.get() == 2);
    for (int i = 0; i < 10; i++) {
      assertThat(get(look("answers-" + i, () -> LOOK))).isSameAs(LOOK);
    }
    assertThat(mostAtOnce).hasValue(2);
    end.countDown();
    all(slow);
    assertThat(mostAtOnce).hasValue(2);
  }

  @Test
  void looks_that_find_no_answer_make_room_for_each_other() throws Exception {
    all(IntStream.range(0, 4).mapToObj(_ -> silent(0, TIMEOUT)).toList());
    assertThat(mostAtOnce).hasValue(2);

    mostAtOnce.set(0);
    all(IntStream.range(0, 4).mapToObj(_ -> silent(0, TIMEOUT)).toList());
    assertThat(mostAtOnce).hasValue(1);
  }

  @Test
  void a_server_that_answers_again_is_one_of_the_others_again() throws Exception {
    all(lookAtSilentServers(TIMEOUT));
    get(look("silent-0", () -> LOOK));

    var hung =
        IntStream.range(1, SILENT_SERVERS).mapToObj(i -> silent(i, LIMIT.multipliedBy(2))).toList();
    await().atMost(LIMIT).until(() -> silentLooks.get() == 3);
    assertThat(get(look("silent-0", () -> LOOK))).isSameAs(LOOK);
    assertThat(hung).noneMatch(CompletableFuture::isDone);
  }

  @Test
  void a_look_that_fails_frees_its_place_and_tells_its_cause() {
    for (int i = 0; i < 10; i++) {
      var failing =
          look(
              "server",
              () -> {
                throw new IllegalStateException("a bug");
              });
      assertThatThrownBy(() -> get(failing))
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseMessage("a bug");
    }
  }

  private List<CompletableFuture<Look>> lookAtSilentServers(Duration timeout) {
    return IntStream.range(0, SILENT_SERVERS).mapToObj(i -> silent(i, timeout)).toList();
  }

  private CompletableFuture<Look> silent(int number, Duration timeout) {
    return look(
        "silent-" + number,
        () -> {
          mostAtOnce.accumulateAndGet(silentLooks.incrementAndGet(), Math::max);
          try {
            end.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return LOOK;
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          } finally {
            silentLooks.decrementAndGet();
          }
        });
  }

  /** As a reconcile does. */
  private CompletableFuture<Look> look(String server, Supplier<Look> look) {
    return CompletableFuture.supplyAsync(() -> bulkhead.look(server, look), threads);
  }

  private static void all(List<CompletableFuture<Look>> looks) throws Exception {
    for (var look : looks) {
      get(look);
    }
  }

  private static Look get(CompletableFuture<Look> look) throws Exception {
    return look.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }
}
