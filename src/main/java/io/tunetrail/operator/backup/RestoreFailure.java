package io.tunetrail.operator.backup;

import io.tunetrail.operator.migration.Outcome;

/** A restore that goes no further. */
final class RestoreFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final Outcome outcome;

  /** The message is for the person who must act. */
  RestoreFailure(Outcome outcome, String message) {
    super(message);
    this.outcome = outcome;
  }

  Outcome outcome() {
    return outcome;
  }

  String message() {
    return String.valueOf(getMessage());
  }
}
