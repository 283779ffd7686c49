package io.tunetrail.operator.cli;

/** What keeps a command from its work; the message says what to do. */
final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1;
  private final ExitCode code;

  CommandFailure(String message) {
    this(ExitCode.NOT_DONE, message);
  }

  CommandFailure(ExitCode code, String message) {
    super(message);
    this.code = code;
  }

  ExitCode code() {
    return code;
  }
}
