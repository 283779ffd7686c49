package io.tunetrail.operator.cli;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a person asks for as a target. */
sealed interface TargetRequest {

  /** A version by its name, or {@code latest}. */
  record Named(String version) implements TargetRequest {}

  /**
   * So many versions from the database's own.
   *
   * @param branch an Alembic branch's label; null where none is given
   * @param steps below zero: back
   */
  record Relative(@Nullable String branch, int steps) implements TargetRequest {}

  /** What the text means: everything that has no sign and number at its end is a name. */
  static TargetRequest parse(String text) {
    var relative = Syntax.RELATIVE.matcher(text);
    return relative.matches()
        ? new Relative(relative.group("branch"), Integer.parseInt(relative.group("steps")))
        : new Named(text);
  }

  /** Spelled as in Alembic. */
  final class Syntax {
    private static final Pattern RELATIVE =
        Pattern.compile("((?<branch>[^@]+)@)?(?<steps>[+-]\\d{1,6})");

    private Syntax() {}
  }
}
