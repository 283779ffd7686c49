package io.tunetrail.operator.backup;

import io.tunetrail.operator.database.DatabaseContent.TableRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Whether a database holds the tables and rows that a manifest says. */
final class ManifestComparison {
  private static final int SHOWN = 5;

  private ManifestComparison() {}

  /** In words, at most {@value #SHOWN} tables; empty where both hold the same. */
  static Optional<String> differences(List<TableRows> manifest, List<TableRows> restored) {
    var wanted = byName(manifest);
    var found = byName(restored);
    var differences = new ArrayList<String>();
    for (var table : wanted.entrySet()) {
      var rows = found.remove(table.getKey());
      if (rows == null) {
        differences.add(table.getKey() + " is missing");
      } else if (!rows.equals(table.getValue())) {
        differences.add(
            "%s has %d rows instead of %d".formatted(table.getKey(), rows, table.getValue()));
      }
    }
    found.keySet().forEach(it -> differences.add(it + " is too many"));
    if (differences.isEmpty()) {
      return Optional.empty();
    }
    var shown = String.join(", ", differences.stream().limit(SHOWN).toList());
    int more = differences.size() - SHOWN;
    return Optional.of(more > 0 ? "%s and %d more".formatted(shown, more) : shown);
  }

  private static Map<String, Long> byName(List<TableRows> tables) {
    var byName = new TreeMap<String, Long>();
    tables.forEach(it -> byName.put(it.schema() + "." + it.table(), it.rows()));
    return byName;
  }
}
