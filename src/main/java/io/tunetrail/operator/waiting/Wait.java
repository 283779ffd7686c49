package io.tunetrail.operator.waiting;

import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.database.EngineTables;
import io.tunetrail.operator.database.VersionHistory;
import io.tunetrail.operator.database.VersionHistory.Answer;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.waiting.Arrival.Arrived;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks until it is there or the time is over, and says what it waits for when that changes. */
final class Wait implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** After failures, so that many pods don't storm a server that is coming back. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);

  private final WaitOrder order;
  private final Binding binding;
  private final WaitLog log;
  private final long begin = System.nanoTime();
  private Duration pause = PAUSE;
  private @Nullable VersionHistory history;

  Wait(WaitOrder order, Binding binding, WaitLog log) {
    this.order = order;
    this.binding = binding;
    this.log = log;
  }

  /** Answers the exit code. */
  int run() throws InterruptedException {
    while (true) {
      var answer = ask();
      var arrival = Arrival.of(answer, order);
      if (arrival instanceof Arrived arrived) {
        log.line("%s after %d s".formatted(arrived.words(), passed().toSeconds()));
        return Outcome.DONE.exitCode();
      }
      var waiting = "waiting for %s: %s".formatted(order.wanted(), arrival.words());
      log.change(waiting);
      if (!left().isPositive()) {
        log.line(
            "gave up after %d s %s. Raise %s, or see in kubectl get ttdb what holds it up"
                .formatted(passed().toSeconds(), waiting, WaitOrder.DEADLINE_VARIABLE));
        return WaitRole.DEADLINE_EXCEEDED;
      }
      sleep(answer);
    }
  }

  private Answer ask() {
    if (history == null) {
      switch (binding.resolve()) {
        case Resolution.Refused refused -> {
          return new Answer.Unanswered(refused.detail());
        }
        case Resolution.Resolved resolved -> history = opened(resolved.settings());
      }
    }
    var answer = history.read(left());
    if (answer instanceof Answer.Unanswered) {
      close();
    }
    return answer;
  }

  private VersionHistory opened(ConnectionSettings settings) {
    log.hide(settings.password());
    return new VersionHistory(settings, new EngineTables(order.schema(), order.table()));
  }

  private void sleep(Answer answer) throws InterruptedException {
    pause =
        answer instanceof Answer.Unanswered ? shorter(pause.multipliedBy(2), LONGEST_PAUSE) : PAUSE;
    Thread.sleep(shorter(pause, left()));
  }

  private Duration left() {
    return order.deadline().minus(passed());
  }

  private Duration passed() {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Ends the session; the next question reads the credentials again. */
  @Override
  public void close() {
    if (history != null) {
      history.close();
      history = null;
    }
  }
}
