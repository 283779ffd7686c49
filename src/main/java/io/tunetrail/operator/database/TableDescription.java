package io.tunetrail.operator.database;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A table or view.
 *
 * @param kind in words: table, partitioned table, view, materialized view, foreign table
 * @param columns by name, in their order
 * @param constraints keys in words, as in {@code unique (email)}
 * @param indexes in the same words, without those of constraints
 */
public record TableDescription(
    String kind,
    Map<String, ColumnDescription> columns,
    Set<String> constraints,
    Set<String> indexes) {

  TableDescription(String kind) {
    this(kind, new LinkedHashMap<>(), new TreeSet<>(), new TreeSet<>());
  }

  /** Whether it enforces the same: a unique index does what a unique constraint does. */
  public boolean has(String key) {
    return constraints.contains(key) || indexes.contains(key);
  }
}
