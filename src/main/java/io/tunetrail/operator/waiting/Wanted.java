package io.tunetrail.operator.waiting;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What must be there before the application starts. */
sealed interface Wanted {
  Pattern VERSION = Pattern.compile("[A-Za-z0-9_.]{1,100}");

  /** Targets that mean another version tomorrow. */
  Set<String> MOVING = Set.of("latest", "next", "head", "heads", "base");

  /** A Flyway version, or an Alembic revision or its beginning. */
  record Version(String text) implements Wanted {
    @Override
    public String toString() {
      return "version " + text;
    }
  }

  /** Whatever finished work has brought: any version, or a create-all. */
  record Current() implements Wanted {
    @Override
    public String toString() {
      return "any version";
    }
  }

  /** A create-all that ended well; such databases have no versions. */
  record CreateAll() implements Wanted {
    @Override
    public String toString() {
      return "create-all";
    }
  }

  /** Throws {@link IllegalArgumentException} that says what to write instead. */
  static Wanted parse(String text) {
    return switch (text) {
      case "current" -> new Current();
      case "create-all" -> new CreateAll();
      default -> version(text);
    };
  }

  private static Wanted version(String text) {
    if (MOVING.contains(text.toLowerCase(Locale.ROOT)) || !VERSION.matcher(text).matches()) {
      throw new IllegalArgumentException(
          text + "; name the version that this release needs, or current, or create-all");
    }
    return new Version(text);
  }
}
