package io.tunetrail.operator.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A setting as pg_db_role_setting holds it. The text of some is a list of names, which would be
 * taken for one name where it stood in SQL as a single constant.
 */
record SettingValue(String name, String value) {
  /** Those that PostgreSQL marks GUC_LIST_QUOTE. */
  private static final Set<String> LISTS =
      Set.of(
          "local_preload_libraries",
          "search_path",
          "session_preload_libraries",
          "shared_preload_libraries",
          "temp_tablespaces",
          "unix_socket_directories");

  /** From {@code name=value}. */
  static SettingValue parse(String text) {
    int end = text.indexOf('=');
    return new SettingValue(text.substring(0, end), text.substring(end + 1));
  }

  /** For what stands before it: {@code SET "name" TO 'value'}. */
  String assignment() {
    var values = LISTS.contains(name.toLowerCase(Locale.ROOT)) ? elements(value) : List.of(value);
    return "SET %s TO%s"
        .formatted(
            Identifier.quoted(name),
            values.stream().map(Identifier::literal).collect(Collectors.joining(",")));
  }

  /** As PostgreSQL reads a list: names in double quotes as they are, others in small letters. */
  private static List<String> elements(String list) {
    var elements = new ArrayList<String>();
    var element = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < list.length(); i++) {
      char letter = list.charAt(i);
      if (letter == '"') {
        boolean doubled = quoted && i + 1 < list.length() && list.charAt(i + 1) == '"';
        if (doubled) {
          element.append(letter);
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (quoted) {
        element.append(letter);
      } else if (letter == ',') {
        elements.add(element.toString());
        element.setLength(0);
      } else if (!Character.isWhitespace(letter)) {
        element.append(Character.toLowerCase(letter));
      }
    }
    elements.add(element.toString());
    return elements;
  }
}
