package io.tunetrail.operator.backup;

import static java.util.stream.Collectors.toMap;

import io.tunetrail.operator.database.CatalogDescription;
import io.tunetrail.operator.database.DatabaseContent.TableRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A restored database beside its backup's manifest.
 *
 * @param rows of the restored tables
 * @param catalog of the restored database
 */
record RestoredComparison(Manifest manifest, List<TableRows> rows, CatalogDescription catalog) {
  private static final int NAMED = 5;

  /**
   * What is otherwise, in words; empty where nothing is.
   *
   * @param owner of all that was restored
   * @param leftOut extensions that were not restored
   */
  List<String> differences(String owner, List<String> leftOut) {
    var found = new ArrayList<String>();
    var restored = byName(rows);
    var dumped = byName(manifest.tables());
    dumped.forEach(
        (table, count) -> {
          var there = restored.get(table);
          if (there == null) {
            found.add("table %s is missing".formatted(table));
          } else if (!there.equals(count)) {
            found.add("table %s has %d rows, %d were dumped".formatted(table, there, count));
          }
        });
    restored.keySet().stream()
        .filter(table -> !dumped.containsKey(table))
        .forEach(table -> found.add("table %s is there, too".formatted(table)));
    if (manifest.catalog() != null) {
      manifest.catalog().differences(catalog, owner, leftOut).stream()
          .filter(it -> !found.contains(it))
          .forEach(found::add);
    }
    return found;
  }

  private static Map<String, Long> byName(List<TableRows> tables) {
    return tables.stream()
        .collect(
            toMap(
                it -> it.schema() + "." + it.table(),
                TableRows::rows,
                (one, _) -> one,
                LinkedHashMap::new));
  }

  /** The first of them, and how many more there are. */
  static String named(List<String> differences) {
    int more = differences.size() - NAMED;
    var first = String.join(", ", differences.subList(0, Math.min(NAMED, differences.size())));
    return more > 0 ? "%s and %d more".formatted(first, more) : first;
  }
}
