package io.tunetrail.operator.cli;

import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Whether a person is there.
 *
 * @param answer asks and returns what was typed, null at the end of the input; null where nobody is
 *     there to be asked
 * @param style of what is printed
 */
record Terminal(@Nullable UnaryOperator<@Nullable String> answer, Style style) {
  /** For scripts and pipes. */
  static final Terminal NONE = new Terminal(null, Style.PLAIN);

  /** This process's; {@code NO_COLOR} is honoured as https://no-color.org says. */
  @SuppressWarnings("SystemConsoleNull") // which console there is depends on the JDK's settings
  static Terminal of(Map<String, String> environment) {
    var console = System.console();
    if (console == null || !console.isTerminal()) {
      return NONE;
    }
    boolean plain =
        !environment.getOrDefault("NO_COLOR", "").isEmpty()
            || environment.getOrDefault("TERM", "").equals("dumb");
    return new Terminal(
        question -> console.readLine("%s", question), plain ? Style.PLAIN : Style.COLOURED);
  }

  boolean isThere() {
    return answer != null;
  }

  /** Asks a question of yes or no; whoever can't be asked must have said it by an option. */
  boolean confirms(String question) throws CommandFailure {
    if (answer == null) {
      throw new CommandFailure("there is no terminal to ask on; say --yes if it is meant");
    }
    var said = answer.apply(question + " [y/N] ");
    return said != null && said.strip().toLowerCase(Locale.ROOT).matches("y|yes");
  }
}
