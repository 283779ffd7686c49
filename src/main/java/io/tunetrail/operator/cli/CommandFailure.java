package io.tunetrail.operator.cli;

/** What keeps a command from its work; the message says what to do. */
final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1;

  CommandFailure(String message) {
    super(message);
  }
}
