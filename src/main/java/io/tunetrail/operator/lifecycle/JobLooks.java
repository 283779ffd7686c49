package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.migration.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The looks that Jobs take of a database which the operator's own pod can't reach. One counts while
 * it was begun for exactly what there is now, so that nothing is decided by a look that is older
 * than the last change or the last Job's end; no two clocks are compared for it.
 *
 * @param looks the resource's Jobs for looks
 * @param works its other Jobs, without those that verify backups beside them
 */
public record JobLooks(List<ObservedJob> looks, List<ObservedJob> works) {
  /** How often while nothing happens. */
  static final Duration PERIOD = Duration.ofMinutes(5);

  /** How often while a Job works, to see whom it waits for. */
  static final Duration PERIOD_AT_WORK = Duration.ofMinutes(1);

  /** A resource's Jobs, told apart. */
  public static JobLooks of(List<ObservedJob> jobs) {
    return new JobLooks(
        jobs.stream().filter(job -> job.task() == Task.LOOK).toList(),
        jobs.stream().filter(job -> job.task() != Task.LOOK && job.task() != Task.VERIFY).toList());
  }

  /**
   * What an ended Job told.
   *
   * @param look null: nothing, as after a kill
   * @param inVain how many for the same inputs saw nothing in a row, this one included
   */
  public record Told(ObservedJob job, Look.@Nullable Taken look, int inVain) {

    /** What a Job told after another had told something. */
    public static Told after(@Nullable Told previous, ObservedJob job, Look.@Nullable Taken look) {
      boolean same = previous != null && previous.job().inputs().equals(job.inputs());
      int before = same ? Objects.requireNonNull(previous).inVain() : 0;
      return new Told(job, look, look instanceof Look.Seen ? 0 : before + 1);
    }
  }

  /**
   * What makes a look what it is, as {@link Work#inputs}.
   *
   * @param generation of the resource
   * @param connection where to, without secrets
   */
  public String inputs(String uid, long generation, String connection, String scriptsDigest) {
    return Digest.of(
        uid,
        Task.LOOK.toString(),
        Long.toString(generation),
        connection,
        scriptsDigest,
        lastEnded().orElse(null));
  }

  /** The last Job that may have changed what there is to see. */
  private Optional<String> lastEnded() {
    return works.stream()
        .filter(job -> job.task() != Task.INSPECT && job.task() != Task.PLAN)
        .filter(job -> job.state() instanceof Ended)
        .max(
            Comparator.<ObservedJob, Instant>comparing(job -> ((Ended) job.state()).at())
                .thenComparing(ObservedJob::name))
        .map(ObservedJob::name);
  }

  /** The newest ended look for these inputs, which is to be asked what it saw. */
  public Optional<ObservedJob> newest(String inputs) {
    return looks.stream()
        .filter(job -> job.inputs().equals(inputs) && job.state() instanceof Ended)
        .max(Comparator.comparingInt(ObservedJob::attempt));
  }

  /**
   * What to decide by.
   *
   * @param told by the newest for these inputs; null where there is none
   */
  public Look look(
      Method method, String inputs, String scriptsDigest, @Nullable Told told, Instant now) {
    var taken = told == null ? Optional.<Look.Taken>empty() : current(told, now);
    if (taken.isPresent()) {
      return taken.get();
    }
    return looks.stream()
        .filter(ObservedJob::running)
        .findFirst()
        .<Look>map(Look.UnderWay::new)
        .orElseGet(
            () ->
                new Look.Due(
                    new Work(
                        method, Task.LOOK, inputs, attempt(inputs), scriptsDigest, null, null)));
  }

  /** When the newest that has ended did; empty where none has. */
  public Optional<Instant> lastEnd() {
    return looks.stream()
        .map(ObservedJob::state)
        .filter(Ended.class::isInstance)
        .map(it -> ((Ended) it).at())
        .max(Comparator.naturalOrder());
  }

  private int attempt(String inputs) {
    return newest(inputs).map(ObservedJob::attempt).orElse(0) + 1;
  }

  /** One that told nothing is repeated at once, and only the next such one counts. */
  private Optional<Look.Taken> current(Told told, Instant now) {
    if (!(told.job().state() instanceof Ended ended)
        || (told.look() == null && told.inVain() < 2)) {
      return Optional.empty();
    }
    var look = told.look() == null ? nothing(told.job(), ended) : told.look();
    return now.isBefore(ended.at().plus(pause(look, told.inVain())))
        ? Optional.of(look)
        : Optional.empty();
  }

  private static Look.Taken nothing(ObservedJob job, Ended ended) {
    return ended.outcome() == Outcome.DONE
        ? new Look.Unseen(
            Reason.JOB_LOST, "the log of Job %s does not tell what it saw".formatted(job.name()))
        : new Look.Unseen(
            ended.outcome().reason(),
            Objects.requireNonNullElse(ended.detail(), "Job " + job.name() + " told nothing"));
  }

  private Duration pause(Look.Taken look, int inVain) {
    return switch (look) {
      case Look.Seen _ -> works.stream().anyMatch(ObservedJob::running) ? PERIOD_AT_WORK : PERIOD;
      case Look.Unseen unseen ->
          unseen.reason().kind() == Reason.Kind.STALLED ? PERIOD : Lifecycle.backoff(inVain);
    };
  }
}
