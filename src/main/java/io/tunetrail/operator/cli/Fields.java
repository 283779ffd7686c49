package io.tunetrail.operator.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names and values beneath a heading; further lines of a value stand beneath its first. */
final class Fields {
  private static final String MARGIN = "  ";

  private final Map<String, String> values = new LinkedHashMap<>();

  /** A field; none where there is no value. */
  Fields add(String name, @Nullable String value) {
    if (value != null) {
      values.put(name + ":", value);
    }
    return this;
  }

  @Override
  public String toString() {
    int width = values.keySet().stream().mapToInt(String::length).max().orElse(0) + 2;
    var text = new StringBuilder();
    values.forEach(
        (name, value) -> {
          var indent = "\n" + MARGIN + " ".repeat(width);
          text.append(MARGIN)
              .append(name)
              .append(" ".repeat(width - name.length()))
              .append(value.replace("\n", indent))
              .append('\n');
        });
    return text.toString();
  }
}
