package io.tunetrail.operator.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** How the command line ended, and what it said. */
record Said(int exitCode, String out, String err) {

  /** What it says to these arguments, where there is no terminal. */
  static Said command(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exitCode =
        Commands.commandLine(Terminal.NONE)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(args);
    return new Said(exitCode, out.toString(), err.toString());
  }
}
