package io.tunetrail.operator.cli;

/** How a command ended; the numbers are part of the command line's contract. */
enum ExitCode {
  DONE(0, "It is done, or as it was asked for."),
  NOT_DONE(
      1, "It is not: what is wrong is said on stderr; check and drift: there are differences."),
  MISUNDERSTOOD(2, "The arguments were not understood."),
  TIMED_OUT(3, "It did not happen within --timeout, and still may."),
  STALLED(4, "It will not happen before somebody changes something."),
  AWAITS_APPROVAL(5, "It will not happen before somebody approves it.");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  int number() {
    return number;
  }

  String meaning() {
    return meaning;
  }
}
