package io.tunetrail.operator.cli;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** That somebody looked at what waits and does not want it, noted in the resource's annotations. */
final class Rejection {
  static final String BY = "tunetrail.io/rejected-by";
  static final String BECAUSE = "tunetrail.io/rejected-because";

  private Rejection() {}

  /**
   * Takes the approval away and says who and why.
   *
   * @param comment null: no reason is given
   */
  static Change by(String user, @Nullable String comment) {
    var spec = new HashMap<String, @Nullable Object>();
    spec.put("approval", null);
    var annotations = new HashMap<String, @Nullable Object>();
    annotations.put(BY, user);
    annotations.put(BECAUSE, comment);
    return new Change(spec, annotations);
  }

  /** What takes an earlier one back. */
  static Map<String, @Nullable Object> cleared(Database database) {
    var annotations = new HashMap<String, @Nullable Object>();
    for (var key : new String[] {BY, BECAUSE}) {
      if (database.annotation(key) != null) {
        annotations.put(key, null);
      }
    }
    return annotations;
  }
}
