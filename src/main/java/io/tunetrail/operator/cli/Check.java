package io.tunetrail.operator.cli;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at.
 *
 * @param subject as in clock
 * @param found what is true of it
 * @param remedy what to do; null where nothing is to be done
 */
record Check(Level level, String subject, String found, @Nullable String remedy) {

  /** How it stands. */
  enum Level {
    OK,
    /** It works, or it can't be seen whether it does. */
    WARN,
    FAIL
  }

  static Check ok(String subject, String found) {
    return new Check(Level.OK, subject, found, null);
  }

  static Check warn(String subject, String found, String remedy) {
    return new Check(Level.WARN, subject, found, remedy);
  }

  static Check fail(String subject, String found, String remedy) {
    return new Check(Level.FAIL, subject, found, remedy);
  }

  @JsonIgnore
  boolean isFailure() {
    return level == Level.FAIL;
  }

  /** All of them, a line each, what to do beneath. */
  static String text(List<Check> checks, Style style) {
    int width = checks.stream().mapToInt(it -> it.subject.length()).max().orElse(0);
    return checks.stream().map(it -> it.line(width, style)).collect(Collectors.joining());
  }

  private String line(int width, Style style) {
    var padded = subject + " ".repeat(width - subject.length());
    var head = "%s  %s  %s\n".formatted(shown(style), padded, found);
    return remedy == null || remedy.isEmpty() ? head : head + " ".repeat(width + 8) + remedy + "\n";
  }

  private String shown(Style style) {
    return switch (level) {
      case OK -> style.good("OK  ");
      case WARN -> style.waiting("WARN");
      case FAIL -> style.bad("FAIL");
    };
  }
}
