package io.tunetrail.operator.database;

import java.sql.SQLException;

/** A newer release of the operator wrote tunetrail.history so that this one could misread it. */
final class NewerHistory extends SQLException {
  private static final String OBJECT_NOT_IN_PREREQUISITE_STATE = "55000";

  private NewerHistory(int format) {
    super(
        "tunetrail.history has rows of format %d, and this release of the operator reads up to %d"
            .formatted(format, WorkHistoryTable.FORMAT),
        OBJECT_NOT_IN_PREREQUISITE_STATE);
  }

  /**
   * Throws where rows are not to be read.
   *
   * @param format the newest in the table; 0 where it has no rows
   */
  static void refuse(int format) throws NewerHistory {
    if (format > WorkHistoryTable.FORMAT) {
      throw new NewerHistory(format);
    }
  }
}
