package io.tunetrail.operator.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The log of a work, told line by line. */
record LineLog(PrintWriter out) {

  PrintStream stream() {
    return new PrintStream(new Lines(out), true, StandardCharsets.UTF_8);
  }

  private static final class Lines extends OutputStream {
    private final PrintWriter out;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Lines(PrintWriter out) {
      this.out = out;
    }

    @Override
    public synchronized void write(int octet) {
      if (octet == '\n') {
        out.println(line.toString(StandardCharsets.UTF_8));
        line.reset();
      } else {
        line.write(octet);
      }
    }
  }
}
