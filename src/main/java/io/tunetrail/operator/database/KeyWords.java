package io.tunetrail.operator.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Keys and indexes in words, by what they do and not by their names. */
final class KeyWords {
  private KeyWords() {}

  /** A row of {@link SchemaReader}'s query of constraints. */
  static String ofConstraint(ResultSet row) throws SQLException {
    var columns = list(columns(row, 4));
    return switch (row.getString(3)) {
      case "p" -> "primary key " + columns;
      case "u" -> "unique " + columns;
      case "x" -> "exclusion constraint " + columns;
      default ->
          "foreign key %s to %s.%s %s%s%s"
              .formatted(
                  columns,
                  row.getString(5),
                  row.getString(6),
                  list(columns(row, 7)),
                  action("update", row.getString(8)),
                  action("delete", row.getString(9)));
    };
  }

  /** A row of {@link SchemaReader}'s query of indexes. */
  static String ofIndex(ResultSet row) throws SQLException {
    var method = row.getString(4);
    return (row.getBoolean(5) ? "partial " : "")
        + (row.getBoolean(3) ? "unique " : "index ")
        + list(columns(row, 6))
        + (method.equals("btree") ? "" : " using " + method);
  }

  static String[] columns(ResultSet row, int column) throws SQLException {
    return (String[]) row.getArray(column).getArray();
  }

  private static String list(String[] columns) {
    return "(" + String.join(", ", List.of(columns)) + ")";
  }

  private static String action(String event, String code) {
    var action =
        switch (code) {
          case "r" -> "restrict";
          case "c" -> "cascade";
          case "n" -> "set null";
          case "d" -> "set default";
          default -> "";
        };
    return action.isEmpty() ? "" : " on %s %s".formatted(event, action);
  }
}
