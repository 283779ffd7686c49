package io.tunetrail.operator.database;

/** Names and texts as they may stand in SQL. */
final class Identifier {
  private Identifier() {}

  /** The name in double quotes, whatever it holds. */
  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** The text as a constant, whatever it holds and the server's settings say of backslashes. */
  static String literal(String text) {
    return " E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }
}
