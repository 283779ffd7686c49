package io.tunetrail.operator.database;

import io.tunetrail.operator.database.SchemaSnapshot.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * What became of one snapshot in another, in order: of an object that came or went its parts are
 * not named.
 *
 * @param changed with both definitions where they are short
 */
record SnapshotDifferences(List<String> added, List<String> removed, List<String> changed) {
  private static final int SHORT = 60;

  static SnapshotDifferences between(SchemaSnapshot before, SchemaSnapshot after) {
    var was = before.definitions();
    var is = after.definitions();
    var changed = new ArrayList<String>();
    is.forEach(
        (part, definition) -> {
          var earlier = was.get(part);
          if (earlier != null && !earlier.equals(definition)) {
            changed.add(part.label() + otherwise(earlier, definition));
          }
        });
    return new SnapshotDifferences(onlyIn(is, was), onlyIn(was, is), changed);
  }

  /** Those that definitions have no part in. */
  SnapshotDifferences byName() {
    return new SnapshotDifferences(added, removed, List.of());
  }

  int count() {
    return added.size() + removed.size() + changed.size();
  }

  /** An object that the other has not at all stands for its parts. */
  private static List<String> onlyIn(SortedMap<Part, String> one, SortedMap<Part, String> other) {
    return one.keySet().stream()
        .filter(part -> !other.containsKey(part))
        .filter(
            part ->
                part.part().isEmpty()
                    || !one.containsKey(part.itself())
                    || other.containsKey(part.itself()))
        .map(Part::label)
        .toList();
  }

  private static String otherwise(String was, String is) {
    return was.length() > SHORT || is.length() > SHORT || is.isEmpty() || was.isEmpty()
        ? ""
        : " is %s, was %s".formatted(is, was);
  }
}
