package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.WorkHistory;

/** The row of tunetrail.history for an order. */
public final class HistoryEntry {
  private HistoryEntry() {}

  public static WorkHistory.Entry of(String work, WorkOrder order) {
    return new WorkHistory.Entry(
        work,
        order.resource(),
        order.resourceUid(),
        order.job(),
        order.edition().toString(),
        order.environment().toString(),
        order.inputsDigest(),
        order.from(),
        order.approvedBy(),
        order.approvalDigest(),
        order.retry(),
        order.requestedBy());
  }
}
