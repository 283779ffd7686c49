package io.tunetrail.operator;

import io.tunetrail.operator.cli.Commands;
import io.tunetrail.operator.runtime.OperatorRole;

/** The operator, and the commands for people; what works in pods is {@link RunnerMain}. */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    boolean operator = args.length == 1 && args[0].equals("operator");
    FirstKey.prepare();
    System.exit(operator ? OperatorRole.run(System.getenv()) : Commands.run(args));
  }
}
