package io.tunetrail.operator.analysis;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one statement, from all that was asked.
 *
 * @param linted null where squawk did not read it
 * @param trace null where there was no scratch database
 * @param sizes of the live tables, by each name that was asked for
 */
record Assessment(
    PlannedStatement statement,
    @Nullable Linted linted,
    @Nullable Trace trace,
    Map<String, TableSize> sizes) {

  /** The answer; {@code noScratch} says why nothing was tried. */
  StatementAnalysis made(String noScratch) {
    var concerned = concerned();
    var tables = concerned.stream().map(sizes::get).filter(Objects::nonNull).distinct().toList();
    boolean sized = isTraced() ? isKnown(concerned) : !concerned.isEmpty() && isKnown(concerned);
    var findings =
        new Findings(
            statement,
            linted,
            trace,
            tables.stream().filter(TableSize::large).toList(),
            sized,
            ownAlone());
    return new StatementAnalysis(
        statement.script(),
        statement.version(),
        locks(),
        findings.rewrites(),
        tables,
        (trace != null && trace.refusesTransactions()) ? Boolean.TRUE : null,
        unmeasured(noScratch),
        findings.all());
  }

  private boolean isKnown(List<String> names) {
    return names.stream().allMatch(sizes::containsKey);
  }

  /** That nothing was there to be locked proves nothing: the live database may have more. */
  private boolean ownAlone() {
    if (linted == null || trace == null || !isTraced() || !trace.changes().isEmpty()) {
      return false;
    }
    return !trace.locks().isEmpty()
        && trace.locks().size() >= linted.tables().size()
        && concerned().stream().noneMatch(sizes::containsKey)
        && linted.tables().stream().noneMatch(sizes::containsKey);
  }

  /** Only in a transaction the locks are seen, and with them what tables of before it concerns. */
  private boolean isTraced() {
    return trace != null && trace.run() == Trace.Run.IN_TRANSACTION;
  }

  private List<String> concerned() {
    if (trace != null && isTraced()) {
      return trace.locks().stream().map(TableLock::table).filter(Objects::nonNull).toList();
    }
    return linted == null ? List.of() : linted.tables();
  }

  private List<TableLock> locks() {
    if (trace != null && isTraced()) {
      return trace.locks();
    }
    if (linted == null || linted.lock() == null) {
      return List.of();
    }
    var tables = linted.tables();
    return List.of(new TableLock(linted.lock(), tables.size() == 1 ? tables.getFirst() : null));
  }

  private @Nullable String unmeasured(String noScratch) {
    if (trace == null) {
      return noScratch;
    }
    return switch (trace.run()) {
      case IN_TRANSACTION -> null;
      case OUTSIDE -> "locks are not seen outside a transaction";
      case ONLY_OUTSIDE ->
          "it runs outside a transaction alone, and was not tried: it may change more than its"
              + " database";
      case TAKEN_BACK -> "it concerns the whole server, and was taken back";
      case FAILED -> "on the scratch database: " + trace.detail();
    };
  }
}
