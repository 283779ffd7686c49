package io.tunetrail.operator.cli;

import io.tunetrail.operator.cli.Goal.Judgement;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a resource until it is as somebody wants it.
 *
 * @param progress told what is waited for, whenever that changes
 */
record Waiting(Source source, String name, Duration timeout, Consumer<String> progress) {
  /** What was changed a moment ago, a ConfigMap perhaps, may be seen a moment later. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** Where the resource is looked at. */
  interface Source {
    Database look() throws CommandFailure;
  }

  /** With progress on the error stream where a person watches. */
  static Waiting of(
      Cluster cluster, String name, Duration timeout, Terminal terminal, PrintWriter err) {
    return of(() -> cluster.database(name), name, timeout, terminal, err);
  }

  /** The same, looked at elsewhere than in a cluster. */
  static Waiting of(
      Source source, String name, Duration timeout, Terminal terminal, PrintWriter err) {
    return new Waiting(source, name, timeout, terminal.isThere() ? err::println : _ -> {});
  }

  /** Answers what is said of it when it is reached; fails when it is not in time, or never. */
  String until(Goal goal) throws CommandFailure {
    var stuck = new Stretch();
    return new Polling(timeout, words -> progress.accept(named(words)))
        .until(
            said -> {
              var judgement = goal.judge(source.look());
              said.accept(judgement.words());
              return reached(judgement, stuck);
            },
            words ->
                new CommandFailure(
                    ExitCode.TIMED_OUT,
                    named("not after %d s: %s".formatted(timeout.toSeconds(), words))));
  }

  private Optional<String> reached(Judgement judgement, Stretch stuck) throws CommandFailure {
    switch (judgement) {
      case Judgement.Reached reached -> {
        return Optional.of(reached.words());
      }
      case Judgement.Waiting _ -> stuck.ends();
      case Judgement.Stuck it -> {
        if (stuck.goesOn().compareTo(GRACE) > 0) {
          throw new CommandFailure(it.code(), named(it.words()));
        }
      }
    }
    return Optional.empty();
  }

  private String named(String words) {
    return "%s: %s".formatted(name, words);
  }

  /** How long something has been so without a break. */
  private static final class Stretch {
    private @Nullable Long since;

    Duration goesOn() {
      long now = System.nanoTime();
      if (since == null) {
        since = now;
      }
      return Duration.ofNanos(now - since);
    }

    void ends() {
      since = null;
    }
  }
}
