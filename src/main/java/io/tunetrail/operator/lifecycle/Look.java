package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.Reason;
import java.util.Set;

/** What is known of a database by looking at it. */
public sealed interface Look {

  /** A look that was taken. */
  sealed interface Taken extends Look {}

  /** The database answered. */
  record Seen(DatabaseFacts facts) implements Taken {}

  /**
   * It did not, or may not be asked; {@code detail} says what happened, without the reason's
   * remedy.
   */
  record Unseen(Reason reason, String detail) implements Taken {
    private static final Set<Reason> NOT_ASKED =
        Set.of(
            Reason.CONFIG_MAP_MISSING,
            Reason.INVALID_SCRIPTS,
            Reason.RIGHT_MISSING,
            Reason.API_REFUSED,
            Reason.INPUTS_CHANGED,
            Reason.JOB_LOST,
            Reason.DEADLINE_EXCEEDED,
            Reason.IMAGE_USER_UNFIT,
            Reason.PROGRAM_FAILED);

    /** Whether the database was asked at all. */
    public boolean wasAsked() {
      return !NOT_ASKED.contains(reason);
    }
  }

  /** What was seen last is too old to decide by: this Job must look first. */
  record Due(Work work) implements Look {}

  /** So it is, and this Job looks, or would if it could. */
  record UnderWay(ObservedJob job) implements Look {}
}
