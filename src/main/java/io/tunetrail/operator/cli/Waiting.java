package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.cli.Goal.Judgement;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Looks at a resource until it is as somebody wants it.
 *
 * @param progress told what is waited for, whenever that changes
 */
record Waiting(Cluster cluster, String name, Duration timeout, Consumer<String> progress) {
  private static final long POLL_MILLIS = 500;

  /** What was changed a moment ago, a ConfigMap perhaps, may be seen a moment later. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final int SERVER_ERROR = 500;

  /** With progress on the error stream where a person watches. */
  static Waiting of(
      Cluster cluster, String name, Duration timeout, Terminal terminal, PrintWriter err) {
    return new Waiting(cluster, name, timeout, terminal.isThere() ? err::println : _ -> {});
  }

  /** Answers what is said of it when it is reached; fails when it is not in time, or never. */
  String until(Goal goal) throws CommandFailure {
    long deadline = System.nanoTime() + timeout.toNanos();
    long fine = System.nanoTime();
    String said = "";
    while (true) {
      var judgement = judge(goal);
      if (!judgement.words().equals(said)) {
        said = judgement.words();
        progress.accept("%s: %s".formatted(name, said));
      }
      switch (judgement) {
        case Judgement.Reached reached -> {
          return reached.words();
        }
        case Judgement.Waiting _ -> fine = System.nanoTime();
        case Judgement.Stuck stuck -> {
          if (System.nanoTime() - fine > GRACE.toNanos()) {
            throw new CommandFailure(stuck.code(), "%s: %s".formatted(name, said));
          }
        }
      }
      if (System.nanoTime() > deadline) {
        throw new CommandFailure(
            ExitCode.TIMED_OUT,
            "%s: not after %d s: %s".formatted(name, timeout.toSeconds(), said));
      }
      pause();
    }
  }

  /** An API server that is away for a moment is waited for, too. */
  private Judgement judge(Goal goal) throws CommandFailure {
    try {
      return goal.judge(cluster.database(name));
    } catch (KubernetesClientException e) {
      if (e.getCode() != 0 && e.getCode() < SERVER_ERROR) {
        throw e;
      }
      return new Judgement.Waiting("the API server does not answer");
    }
  }

  private static void pause() throws CommandFailure {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted");
    }
  }
}
