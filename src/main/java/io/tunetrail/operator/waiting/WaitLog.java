package io.tunetrail.operator.waiting;

import io.tunetrail.operator.database.Password;
import io.tunetrail.operator.database.Redaction;
import java.io.PrintStream;

/** The log of a pod that waits: a line a change, free of secrets. */
final class WaitLog {
  private final PrintStream out;
  private Redaction redaction = Redaction.NONE;
  private String last = "";

  WaitLog(PrintStream out) {
    this.out = out;
  }

  /** From now on takes this out, together with those before it. */
  void hide(Password password) {
    redaction = redaction.and(Redaction.of(password));
  }

  /** Says it, unless it is what was said last. */
  void change(String text) {
    if (!text.equals(last)) {
      line(text);
    }
  }

  void line(String text) {
    last = text;
    out.println(redaction.apply(text));
  }
}
