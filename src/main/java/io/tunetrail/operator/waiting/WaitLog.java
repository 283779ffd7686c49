package io.tunetrail.operator.waiting;

import io.tunetrail.operator.database.Password;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;

/** The log of a pod that waits: a line a change, free of secrets. */
final class WaitLog {
  private final PrintStream out;

  /** Longest first, so that none leaves a part of another. */
  private final Set<String> secrets =
      new TreeSet<>(Comparator.comparingInt(String::length).reversed().thenComparing(it -> it));

  private String last = "";

  WaitLog(PrintStream out) {
    this.out = out;
  }

  /** From now on takes this out, together with those before it. */
  void hide(Password password) {
    if (!password.value().isEmpty()) {
      secrets.add(password.value());
    }
  }

  /** Says it, unless it is what was said last. */
  void change(String text) {
    if (!text.equals(last)) {
      line(text);
    }
  }

  void line(String text) {
    last = text;
    var shown = text;
    for (var secret : secrets) {
      shown = shown.replace(secret, "***");
    }
    out.println(shown);
  }
}
