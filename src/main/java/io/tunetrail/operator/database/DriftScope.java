package io.tunetrail.operator.database;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What of a schema is compared.
 *
 * @param ignored patterns of schema.object, or schema.object.part, in which * stands for any
 *     letters and ? for one
 * @param otherSchemas quoted names of schemas that other resources work on
 * @param otherTables quoted names of tables that are an engine's own, in any schema
 */
record DriftScope(List<String> ignored, List<String> otherSchemas, List<String> otherTables) {

  boolean isAll() {
    return ignored.isEmpty() && otherSchemas.isEmpty() && otherTables.isEmpty();
  }

  SchemaSnapshot of(SchemaSnapshot snapshot) {
    if (isAll()) {
      return snapshot;
    }
    var patterns = ignored.stream().map(DriftScope::pattern).toList();
    return snapshot.only(
        part ->
            !isOthers(part.name())
                && patterns.stream().noneMatch(it -> it.matcher(part.name()).matches())
                && patterns.stream().noneMatch(it -> it.matcher(part.fullName()).matches()));
  }

  private boolean isOthers(String name) {
    return otherSchemas.stream().anyMatch(it -> name.equals(it) || name.startsWith(it + "."))
        || otherTables.stream().anyMatch(it -> name.endsWith("." + it));
  }

  private static Pattern pattern(String glob) {
    return Pattern.compile(
        glob.codePoints()
            .mapToObj(
                it ->
                    switch (it) {
                      case '*' -> ".*";
                      case '?' -> ".";
                      default -> Pattern.quote(Character.toString(it));
                    })
            .collect(Collectors.joining()),
        Pattern.DOTALL);
  }
}
