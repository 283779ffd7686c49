package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.lifecycle.ObservedJob.Blocked;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which Jobs may go: ended ones, for what they said is in the status, the events and
 * tunetrail.history; and those that never start, once the spec may have been mended.
 */
public final class JobHistory {
  /** So many ended Jobs stay, with their logs. */
  static final int KEPT = 3;

  private JobHistory() {}

  public static List<String> superfluous(List<ObservedJob> jobs) {
    return newestFirst(jobs).skip(KEPT).map(ObservedJob::name).toList();
  }

  /** Ended looks: of these only the newest one's log is ever read. */
  public static List<String> supersededLooks(List<ObservedJob> looks) {
    return newestFirst(looks).skip(1).map(ObservedJob::name).toList();
  }

  private static Stream<ObservedJob> newestFirst(List<ObservedJob> jobs) {
    return jobs.stream()
        .filter(job -> job.state() instanceof Ended)
        .sorted(
            Comparator.<ObservedJob, Instant>comparing(job -> ((Ended) job.state()).at())
                .thenComparingInt(ObservedJob::attempt)
                .reversed());
  }

  /**
   * Jobs of which nothing runs and that were made for an earlier spec; waiting for their deadline
   * would keep a corrected one waiting too.
   */
  public static List<String> superseded(List<ObservedJob> jobs, long generation) {
    return jobs.stream()
        .filter(
            job ->
                job.state() instanceof Blocked blocked
                    && blocked.generation() != null
                    && blocked.generation() < generation)
        .map(ObservedJob::name)
        .toList();
  }
}
