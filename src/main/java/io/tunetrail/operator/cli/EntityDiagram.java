package io.tunetrail.operator.cli;

import io.tunetrail.operator.database.ObjectName;
import io.tunetrail.operator.database.SchemaDescription;
import io.tunetrail.operator.database.TableDescription;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A schema's tables and foreign keys as an entity relationship diagram of Mermaid. */
record EntityDiagram(SchemaDescription schema) {
  /** As {@link TableDescription#constraints} words it. */
  private static final Pattern FOREIGN_KEY =
      Pattern.compile(
          "foreign key \\((?<columns>[^()]*)\\) to (?<table>.+) \\([^()]*\\)(?: on .*)?");

  private static final String PRIMARY = "primary key ";

  String text() {
    return "erDiagram\n" + entities() + relations();
  }

  /** A name as documents have it: without the schema that needs none. */
  static String shown(ObjectName name) {
    return name.schema().equals("public") ? name.name() : name.schema() + "." + name.name();
  }

  private String entities() {
    return schema.tables().entrySet().stream()
        .filter(it -> isTable(it.getValue()))
        .map(it -> entity(it.getKey(), it.getValue()))
        .collect(Collectors.joining());
  }

  private static String entity(ObjectName name, TableDescription table) {
    var attributes =
        table.columns().entrySet().stream()
            .map(
                it ->
                    "    %s %s%s\n"
                        .formatted(
                            word(it.getValue().type()),
                            word(it.getKey()),
                            keys(table, it.getKey())))
            .collect(Collectors.joining());
    return attributes.isEmpty()
        ? "  %s\n".formatted(word(shown(name)))
        : "  %s {\n%s  }\n".formatted(word(shown(name)), attributes);
  }

  private static String keys(TableDescription table, String column) {
    boolean primary =
        table.constraints().stream()
            .anyMatch(it -> it.startsWith(PRIMARY) && columns(it).contains(column));
    boolean foreign =
        table.constraints().stream()
            .anyMatch(it -> FOREIGN_KEY.matcher(it).matches() && columns(it).contains(column));
    return primary && foreign ? " PK,FK" : primary ? " PK" : foreign ? " FK" : "";
  }

  private String relations() {
    return schema.tables().entrySet().stream()
        .flatMap(
            child ->
                child.getValue().constraints().stream()
                    .map(it -> relation(child.getKey(), child.getValue(), it))
                    .flatMap(Optional::stream))
        .collect(Collectors.joining());
  }

  private static Optional<String> relation(
      ObjectName child, TableDescription table, String constraint) {
    var key = FOREIGN_KEY.matcher(constraint);
    if (!key.matches()) {
      return Optional.empty();
    }
    var columns = columns(constraint);
    boolean must =
        columns.stream()
            .allMatch(it -> table.columns().containsKey(it) && table.columns().get(it).notNull());
    boolean one =
        table.has("unique (%s)".formatted(key.group("columns")))
            || table.has(PRIMARY + "(%s)".formatted(key.group("columns")));
    return Optional.of(
        "  %s %s--%s %s : \"%s\"\n"
            .formatted(
                word(key.group("table").replaceFirst("^public\\.", "")),
                must ? "||" : "|o",
                one ? "o|" : "o{",
                word(shown(child)),
                key.group("columns").replace("\"", "'")));
  }

  private static List<String> columns(String constraint) {
    int begin = constraint.indexOf('(') + 1;
    return Arrays.asList(
        constraint.substring(begin, constraint.indexOf(')', begin)).split(", ", -1));
  }

  private static boolean isTable(TableDescription table) {
    return table.kind().endsWith("table");
  }

  /** What Mermaid takes for one word. */
  private static String word(String text) {
    return text.replaceAll("[^\\p{L}\\p{N}_()\\[\\]-]", "_");
  }
}
