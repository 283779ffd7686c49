package io.tunetrail.operator.database;

/** Names and texts as they may stand in SQL. */
final class Identifier {
  private Identifier() {}

  /** The name in double quotes, whatever it holds. */
  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
