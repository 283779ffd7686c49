package io.tunetrail.operator.database;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One comparison of two descriptions. */
final class SchemaDifferences {
  private final SchemaDescription expected;
  private final SchemaDescription actual;
  private final TreeSet<String> schemas = new TreeSet<>();
  private final List<String> found = new ArrayList<>();

  SchemaDifferences(SchemaDescription expected, SchemaDescription actual) {
    this.expected = expected;
    this.actual = actual;
    Stream.concat(expected.tables().keySet().stream(), expected.enumerations().keySet().stream())
        .forEach(it -> schemas.add(it.schema()));
  }

  List<String> all() {
    for (var schema : schemas) {
      if (!actual.schemas().contains(schema)) {
        found.add("schema %s is missing".formatted(schema));
      }
    }
    expected
        .tables()
        .forEach(
            (name, table) -> {
              if (actual.schemas().contains(name.schema())) {
                table(name, table, actual.tables().get(name));
              }
            });
    expected
        .enumerations()
        .forEach(
            (name, values) -> {
              if (actual.schemas().contains(name.schema())) {
                enumeration(name, values, actual.enumerations().get(name));
              }
            });
    return List.copyOf(found);
  }

  List<String> tablesBesides() {
    return actual.tables().entrySet().stream()
        .filter(it -> schemas.contains(it.getKey().schema()))
        .filter(it -> !expected.tables().containsKey(it.getKey()))
        .map(it -> it.getValue().kind() + " " + named(it.getKey()))
        .toList();
  }

  private void table(ObjectName name, TableDescription wanted, @Nullable TableDescription there) {
    if (there == null) {
      found.add("%s %s is missing".formatted(wanted.kind(), named(name)));
    } else if (!wanted.kind().equals(there.kind())) {
      found.add("%s is a %s, should be a %s".formatted(named(name), there.kind(), wanted.kind()));
    } else {
      columns(named(name), wanted, there);
      keys(named(name), wanted, there);
    }
  }

  private void columns(String table, TableDescription wanted, TableDescription there) {
    wanted
        .columns()
        .forEach((name, column) -> column(table + "." + name, column, there.columns().get(name)));
    for (var name : there.columns().keySet()) {
      if (!wanted.columns().containsKey(name)) {
        found.add("column %s.%s is not in the version".formatted(table, name));
      }
    }
  }

  private void column(String name, ColumnDescription wanted, @Nullable ColumnDescription there) {
    if (there == null) {
      found.add("column %s is missing".formatted(name));
      return;
    }
    if (!wanted.type().equals(there.type())) {
      found.add("column %s is %s, should be %s".formatted(name, there.type(), wanted.type()));
    }
    if (wanted.notNull() != there.notNull()) {
      found.add(
          wanted.notNull()
              ? "column %s may be null, should be not null".formatted(name)
              : "column %s is not null, should be allowed to be".formatted(name));
    }
    if (!wanted.generation().equals(there.generation())) {
      found.add(
          "column %s is %s, should be %s".formatted(name, generation(there), generation(wanted)));
    }
  }

  private static String generation(ColumnDescription column) {
    return column.generation().isEmpty() ? "not generated" : column.generation();
  }

  private void keys(String table, TableDescription wanted, TableDescription there) {
    Stream.concat(wanted.constraints().stream(), wanted.indexes().stream())
        .filter(key -> !there.has(key))
        .forEach(key -> found.add("%s on %s is missing".formatted(key, table)));
    there.constraints().stream()
        .filter(key -> !wanted.has(key))
        .forEach(key -> found.add("%s on %s is not in the version".formatted(key, table)));
  }

  private void enumeration(ObjectName name, List<String> wanted, @Nullable List<String> there) {
    if (there == null) {
      found.add("type %s is missing".formatted(named(name)));
    } else if (!wanted.equals(there)) {
      found.add(
          "type %s has the values %s, should have %s"
              .formatted(named(name), String.join(", ", there), String.join(", ", wanted)));
    }
  }

  private String named(ObjectName name) {
    return schemas.size() == 1 ? name.name() : name.schema() + "." + name.name();
  }
}
