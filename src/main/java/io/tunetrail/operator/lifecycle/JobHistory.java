package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import java.util.Comparator;
import java.util.List;

/** Which ended Jobs may go: what they said is in the status, the events and tunetrail.history. */
public final class JobHistory {
  /** So many ended Jobs stay, with their logs. */
  static final int KEPT = 3;

  private JobHistory() {}

  public static List<String> superfluous(List<ObservedJob> jobs) {
    return jobs.stream()
        .filter(job -> job.state() instanceof Ended)
        .sorted(
            Comparator.<ObservedJob, java.time.Instant>comparing(job -> ((Ended) job.state()).at())
                .reversed())
        .skip(KEPT)
        .map(ObservedJob::name)
        .toList();
  }
}
