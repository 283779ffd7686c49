package io.tunetrail.operator.cli;

import io.tunetrail.operator.database.ColumnDescription;
import io.tunetrail.operator.database.SchemaDescription;
import io.tunetrail.operator.database.TableDescription;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a database holds, as Markdown with a diagram. */
record SchemaDocument(String title, SchemaDescription schema) {

  String text() {
    var text = new StringBuilder("# %s\n".formatted(title));
    if (schema.tables().isEmpty()) {
      return text.append("\nThere is no table.\n").toString();
    }
    text.append("\n```mermaid\n%s```\n".formatted(new EntityDiagram(schema).text()));
    schema
        .tables()
        .forEach((name, table) -> text.append(section(EntityDiagram.shown(name), table)));
    if (!schema.enumerations().isEmpty()) {
      text.append("\n## Enumerations\n\n| type | values |\n|---|---|\n");
      schema
          .enumerations()
          .forEach(
              (name, values) ->
                  text.append(
                      "| %s | %s |\n"
                          .formatted(
                              cell(EntityDiagram.shown(name)), cell(String.join(", ", values)))));
    }
    return text.toString();
  }

  private static String section(String name, TableDescription table) {
    var columns =
        table.columns().entrySet().stream()
            .map(it -> row(it.getKey(), it.getValue()))
            .collect(Collectors.joining());
    var keys =
        Stream.concat(table.constraints().stream(), table.indexes().stream())
            .map("- %s\n"::formatted)
            .collect(Collectors.joining());
    return "\n## %s\n%s\n| column | type | |\n|---|---|---|\n%s%s"
        .formatted(
            name,
            table.kind().equals("table") ? "" : "\nA %s.\n".formatted(table.kind()),
            columns,
            keys.isEmpty() ? "" : "\n" + keys);
  }

  private static String row(String name, ColumnDescription column) {
    var more =
        Stream.of(column.notNull() ? "not null" : "", column.generation())
            .filter(it -> !it.isEmpty())
            .collect(Collectors.joining(", "));
    return "| %s | %s | %s |\n".formatted(cell(name), cell(column.type()), more);
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }
}
