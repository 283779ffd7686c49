package io.tunetrail.operator.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What Alembic's check says of models and database. */
final class Differences {
  private static final Pattern DETECTED =
      Pattern.compile("alembic\\.autogenerate\\.compare.*?\\bDetected (.+)$");
  private static final Pattern OPERATIONS =
      Pattern.compile("New upgrade operations detected: \\[(.*)]$");
  private static final Pattern NAME = Pattern.compile("'([^']+)'");
  private static final Pattern OPERATION =
      Pattern.compile(
          "[\\[(]*'(?<operation>\\w+)'(?<names>(?:, (?:None|'[^']*'))*)(?:,"
              + " \\w+\\('(?<object>[^']*)')?.*");

  private Differences() {}

  /**
   * One for each; by the words that Alembic logs, else by the operations that it would generate.
   */
  static List<String> in(String log) {
    var logged = log.lines().flatMap(it -> DETECTED.matcher(it).results()).map(it -> it.group(1));
    var detected = logged.distinct().toList();
    return detected.isEmpty() ? operations(log) : detected;
  }

  private static List<String> operations(String log) {
    return log.lines()
        .flatMap(it -> OPERATIONS.matcher(it).results())
        .reduce((_, last) -> last)
        .map(it -> elements(it.group(1)).stream().map(Differences::operation).toList())
        .orElse(List.of());
  }

  /** As in: add_column users.age. */
  private static String operation(String text) {
    var operation = OPERATION.matcher(text);
    if (!operation.matches()) {
      return text;
    }
    var names = new ArrayList<String>();
    NAME.matcher(operation.group("names")).results().forEach(it -> names.add(it.group(1)));
    if (operation.group("object") != null) {
      names.add(operation.group("object"));
    }
    return operation.group("operation") + " " + String.join(".", names);
  }

  /** What stands between the commas that are within no bracket and no quote. */
  private static List<String> elements(String text) {
    var elements = new ArrayList<String>();
    int depth = 0;
    int begin = 0;
    boolean quoted = false;
    for (int at = 0; at < text.length(); at++) {
      char it = text.charAt(at);
      if (it == '\'') {
        quoted = !quoted;
      } else if (!quoted && "([{".indexOf(it) >= 0) {
        depth++;
      } else if (!quoted && ")]}".indexOf(it) >= 0) {
        depth--;
      } else if (!quoted && it == ',' && depth == 0) {
        elements.add(text.substring(begin, at).strip());
        begin = at + 1;
      }
    }
    elements.add(text.substring(begin).strip());
    return elements;
  }
}
