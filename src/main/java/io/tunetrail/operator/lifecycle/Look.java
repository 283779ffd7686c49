package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.Reason;

/** What one look at the database gave. */
public sealed interface Look {

  /** The database answered. */
  record Seen(DatabaseFacts facts) implements Look {}

  /**
   * It did not, or may not be asked; {@code detail} says what happened, without the reason's
   * remedy.
   */
  record Unseen(Reason reason, String detail) implements Look {}
}
