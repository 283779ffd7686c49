package io.tunetrail.operator.cli;

import java.util.List;
import java.util.Objects;

/** Databases, a line each. */
final class DatabaseTable {
  private DatabaseTable() {}

  /**
   * The table.
   *
   * @param namespaces whether they are of several
   */
  static String of(List<Database> databases, boolean namespaces, Style style) {
    var table = new TextTable("");
    row(
        table,
        namespaces,
        "NAMESPACE",
        "NAME",
        "EDITION",
        "ENVIRONMENT",
        "VERSION",
        "TARGET",
        "PENDING",
        "STATE");
    for (var database : databases) {
      var spec = database.resource().getSpec();
      var status = database.status();
      row(
          table,
          namespaces,
          database.namespace(),
          database.name(),
          spec.edition().toString(),
          spec.environment().toString(),
          status == null ? "-" : Objects.requireNonNullElse(status.migrationVersion(), "-"),
          status == null ? "-" : Objects.requireNonNullElse(status.targetVersion(), "-"),
          status == null || status.pendingCount() == null ? "-" : status.pendingCount().toString(),
          StateText.style(database, style).apply(StateText.reason(database)));
    }
    return table.toString();
  }

  private static void row(TextTable table, boolean namespaces, String... cells) {
    table.row(namespaces ? cells : java.util.Arrays.copyOfRange(cells, 1, cells.length));
  }
}
