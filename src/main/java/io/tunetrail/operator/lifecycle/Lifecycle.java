package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.ObservedJob.Blocked;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Every rule about what happens to a database, as one pure function. */
public final class Lifecycle {
  /** How often a database is looked at while nothing happens. */
  static final Duration PERIOD = Duration.ofSeconds(30);

  /**
   * How often while it is away, so that its return is seen within 10 s; and while a Job runs, whose
   * pod tells nothing of whom it waits for.
   */
  static final Duration PERIOD_AWAY = Duration.ofSeconds(5);

  /**
   * Most work is done in the database so long after its Job was made; that its container has ended
   * is only told up to a second later.
   */
  static final Duration SHORT_WORK = Duration.ofMillis(1500);

  /**
   * A password that is being rotated in two places may be refused for so long before anything is
   * said of it.
   */
  static final Duration ROTATION = Duration.ofSeconds(10);

  private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(1);

  private Lifecycle() {}

  public static Plan plan(Desired desired, Observed observed) {
    return switch (observed.look()) {
      case Look.Unseen unseen -> unseen(observed, unseen);
      case Look.Seen seen -> new Decision(desired, observed, seen.facts()).plan();
      case Look.Due due -> looking(observed, due.work());
      case Look.UnderWay(ObservedJob job) ->
          job.state() instanceof Blocked blocked
              ? Plan.say(
                  new Verdict(blocked.reason(), blocked.detail()),
                  null,
                  observed.memory().approval(),
                  PERIOD_AWAY)
              : looking(observed, null);
    };
  }

  private static Plan looking(Observed observed, @Nullable Work start) {
    var verdict = new Verdict(Reason.LOOKING, "a Job looks at the database");
    return new Plan(verdict, null, start, null, observed.memory().approval(), PERIOD);
  }

  private static Plan unseen(Observed observed, Look.Unseen unseen) {
    var memory = observed.memory();
    if (beingRotated(observed, unseen)) {
      return new Plan(null, null, null, null, memory.approval(), Duration.ofSeconds(2));
    }
    var verdict = new Verdict(unseen.reason(), unseen.detail());
    return Plan.say(verdict, null, memory.approval(), PERIOD_AWAY);
  }

  private static boolean beingRotated(Observed observed, Look.Unseen unseen) {
    var since = observed.memory().refusedSince();
    return unseen.reason() == Reason.AUTHENTICATION_FAILED
        && observed.memory().reachable()
        && since != null
        && observed.now().isBefore(since.plus(ROTATION));
  }

  /** Time between the end of an attempt and the next one. */
  public static Duration backoff(int attempt) {
    var delay = Duration.ofSeconds(1L << Math.min(attempt, 6));
    return delay.compareTo(LONGEST_BACKOFF) < 0 ? delay : LONGEST_BACKOFF;
  }
}
