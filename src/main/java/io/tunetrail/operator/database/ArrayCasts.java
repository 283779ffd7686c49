package io.tunetrail.operator.database;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The one expression that PostgreSQL itself spells otherwise once its own spelling was run: of
 * {@code (ARRAY['a'::character varying])::text[]}, which IN on a varchar becomes, a dump's restore
 * makes {@code ARRAY[('a'::character varying)::text]}, and keeps it so.
 */
final class ArrayCasts {
  private static final String ARRAY = "(ARRAY[";

  /** What follows the elements: the type of all, be it one with a length. */
  private static final Pattern CAST =
      Pattern.compile("\\)::([\\w .\"]+?(?:\\(\\d+(?:,\\d+)?\\))?(?:[\\w ]+)?)\\[\\]");

  private final String text;

  private ArrayCasts(String text) {
    this.text = text;
  }

  /** The expression as it reads after a dump and its restore. */
  static String settled(String expression) {
    return expression.contains(ARRAY) ? new ArrayCasts(expression).settled() : expression;
  }

  private String settled() {
    var settled = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int quoted = endOfQuoted(at);
      if (quoted > at) {
        settled.append(text, at, quoted);
        at = quoted;
      } else if (text.startsWith(ARRAY, at)) {
        at = array(at, settled);
      } else {
        settled.append(text.charAt(at++));
      }
    }
    return settled.toString();
  }

  /** Appends the array that begins here, and answers where it ends. */
  private int array(int begin, StringBuilder settled) {
    var elements = new ArrayList<String>();
    int end = elements(begin + ARRAY.length(), elements);
    var cast = CAST.matcher(text);
    if (end == text.length() || !cast.region(end + 1, text.length()).lookingAt()) {
      settled.append(ARRAY);
      return begin + ARRAY.length();
    }
    settled.append("ARRAY[").append(String.join(", ", cast(elements, cast.group(1)))).append(']');
    return cast.end();
  }

  private static List<String> cast(List<String> elements, String type) {
    return elements.stream().map(it -> "(%s)::%s".formatted(settled(it.strip()), type)).toList();
  }

  /** Collects what commas separate, and answers where the closing bracket is. */
  private int elements(int begin, List<String> elements) {
    int depth = 0;
    int first = begin;
    int at = begin;
    while (at < text.length()) {
      char letter = text.charAt(at);
      if (depth == 0 && (letter == ',' || letter == ']')) {
        elements.add(text.substring(first, at));
        first = at + 1;
        if (letter == ']') {
          return at;
        }
      }
      depth += "([".indexOf(letter) >= 0 ? 1 : ")]".indexOf(letter) >= 0 ? -1 : 0;
      at = Math.max(at + 1, endOfQuoted(at));
    }
    return at;
  }

  /** Where the literal or name ends whose quote is here; here, where none begins. */
  private int endOfQuoted(int at) {
    char quote = text.charAt(at);
    if (quote != '\'' && quote != '"') {
      return at;
    }
    int end = text.indexOf(quote, at + 1);
    return end < 0 ? text.length() : end + 1;
  }
}
