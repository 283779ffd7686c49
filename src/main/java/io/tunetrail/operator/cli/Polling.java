package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Asks again until there is an answer.
 *
 * @param progress told what is waited for, whenever that changes
 */
record Polling(Duration timeout, Consumer<String> progress) {
  private static final long POLL_MILLIS = 500;
  private static final int SERVER_ERROR = 500;

  /** With progress on the error stream where a person watches. */
  static Polling of(Duration timeout, Terminal terminal, PrintWriter err) {
    return new Polling(timeout, terminal.isThere() ? err::println : _ -> {});
  }

  /** One look. */
  interface Question<T> {
    /**
     * The answer; empty where there is none yet.
     *
     * @param waiting to be told why there is none
     */
    Optional<T> ask(Consumer<String> waiting) throws CommandFailure;
  }

  /** Answers what was answered in words; fails when that is not in time. */
  String until(Question<String> question) throws CommandFailure {
    return until(
        question,
        words ->
            new CommandFailure(
                ExitCode.TIMED_OUT, "not after %d s: %s".formatted(timeout.toSeconds(), words)));
  }

  /**
   * The same, with an answer of any kind.
   *
   * @param late what it fails with, by what was waited for last
   */
  <T> T until(Question<T> question, Function<String, CommandFailure> late) throws CommandFailure {
    long deadline = System.nanoTime() + timeout.toNanos();
    var said = new String[] {""};
    while (true) {
      var answer = asked(question, words -> say(said, words));
      if (answer.isPresent()) {
        return answer.get();
      }
      if (System.nanoTime() > deadline) {
        throw late.apply(said[0]);
      }
      pause();
    }
  }

  /** An API server that is away for a moment is waited for, too. */
  private static <T> Optional<T> asked(Question<T> question, Consumer<String> waiting)
      throws CommandFailure {
    try {
      return question.ask(waiting);
    } catch (KubernetesClientException e) {
      if (e.getCode() != 0 && e.getCode() < SERVER_ERROR) {
        throw e;
      }
      waiting.accept("the API server does not answer");
      return Optional.empty();
    }
  }

  private void say(String[] said, String words) {
    if (!words.equals(said[0])) {
      said[0] = words;
      progress.accept(words);
    }
  }

  private static void pause() throws CommandFailure {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted; what was begun goes on");
    }
  }
}
