package io.tunetrail.operator.analysis;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What asking squawk gave. */
public sealed interface Lint {

  /**
   * It read all statements.
   *
   * @param version for example {@code squawk 2.70.0}
   * @param statements one for each, in the plan's order
   */
  record Read(String version, List<Linted> statements) implements Lint {}

  /** It could not be asked, or did not answer; {@code why} says so to people. */
  record Unavailable(String why) implements Lint {}

  /** What it says of a statement; null where it said nothing at all. */
  default @Nullable Linted of(int statement) {
    return switch (this) {
      case Read read -> read.statements().get(statement);
      case Unavailable _ -> null;
    };
  }

  /** Null where it was not asked. */
  default @Nullable String linter() {
    return switch (this) {
      case Read read -> read.version();
      case Unavailable _ -> null;
    };
  }

  /** Why it says nothing. */
  default List<String> remarks() {
    return switch (this) {
      case Read _ -> List.of();
      case Unavailable it -> List.of("not analysed by squawk: " + it.why());
    };
  }
}
