package io.tunetrail.operator.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows in aligned columns, as kubectl prints them; a cell without a value is {@code -}. */
final class TextTable {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();
  private final String margin;

  TextTable(String margin) {
    this.margin = margin;
  }

  /** One row, or the headings; of as many cells as the others. */
  TextTable row(@Nullable String... cells) {
    var row = new ArrayList<String>();
    for (var cell : cells) {
      row.add(Objects.requireNonNullElse(cell, "-"));
    }
    rows.add(row);
    return this;
  }

  /** All rows, each with a line's end. */
  @Override
  public String toString() {
    return rows.stream().map(this::line).collect(Collectors.joining());
  }

  private String line(List<String> row) {
    var line = new StringBuilder(margin);
    for (int column = 0; column < row.size(); column++) {
      var cell = row.get(column);
      line.append(cell);
      if (column < row.size() - 1) {
        line.append(" ".repeat(width(column) - cell.length())).append(GAP);
      }
    }
    return line.append('\n').toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(it -> it.get(column).length()).max().orElse(0);
  }
}
