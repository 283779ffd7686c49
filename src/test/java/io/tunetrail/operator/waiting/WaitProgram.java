package io.tunetrail.operator.waiting;

/** The role as a program of its own. */
final class WaitProgram {
  private WaitProgram() {}

  public static void main(String[] args) throws InterruptedException {
    System.exit(WaitRole.run(System.getenv(), System.out));
  }
}
