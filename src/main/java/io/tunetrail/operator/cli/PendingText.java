package io.tunetrail.operator.cli;

import io.tunetrail.operator.api.PendingMigration;
import java.util.Objects;

/** What would run, in order. */
final class PendingText {
  private PendingText() {}

  /** A line each, how many more there are, and the digest; empty where nothing would run. */
  static String of(Database database, String margin) {
    var status = database.status();
    var pending = database.pending();
    if (status == null || pending.isEmpty()) {
      return "";
    }
    var table = new TextTable(margin).row("VERSION", "DESCRIPTION");
    pending.forEach(it -> table.row(version(it), it.description()));
    int more = Objects.requireNonNullElse(status.pendingCount(), 0) - pending.size();
    return table
        + (more > 0 ? "%sand %d more\n".formatted(margin, more) : "")
        + "%sDigest: %s\n".formatted(margin, status.pendingDigest());
  }

  private static String version(PendingMigration pending) {
    return Objects.requireNonNullElse(pending.version(), "repeatable");
  }
}
