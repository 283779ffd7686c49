package io.tunetrail.operator.database;

import java.util.regex.Pattern;
import org.flywaydb.core.internal.sqlscript.SqlScript;

/** A script that takes a version back, as Flyway reads it, and the row that says it was applied. */
public final class UndoScript {
  private static final Pattern ENDS_TRANSACTION =
      Pattern.compile(
          "(?:\\s+|--[^\\n]*|/\\*(?s:.*?)\\*/)*+"
              + "(?:COMMIT|END|ABORT|PREPARE\\s+TRANSACTION"
              + "|ROLLBACK(?!\\s+(?:(?:WORK|TRANSACTION)\\s+)?TO\\b))\\b",
          Pattern.CASE_INSENSITIVE);

  private final SqlScript sql;
  private final HistoryRows.Applied row;

  /** Throws {@link InvalidScripts} for a script that can't share a transaction. */
  UndoScript(SqlScript sql, HistoryRows.Applied row) throws InvalidScripts {
    this.sql = sql;
    this.row = row;
    sql.validate();
    if (isInTransaction()) {
      checkTransactionStaysOpen();
    }
  }

  public String name() {
    return sql.getResource().getRelativePath();
  }

  /** Whether all of it happens, or nothing. */
  public boolean isInTransaction() {
    return sql.executeInTransaction();
  }

  SqlScript sql() {
    return sql;
  }

  HistoryRows.Applied row() {
    return row;
  }

  /** What a COMMIT of its own left done would be done again by the next attempt. */
  private void checkTransactionStaysOpen() throws InvalidScripts {
    try (var statements = sql.getSqlStatements()) {
      while (statements.hasNext()) {
        var statement = statements.next();
        if (ENDS_TRANSACTION.matcher(statement.getSql()).lookingAt()) {
          throw new InvalidScripts(
              "%s, line %d: ends the transaction that the script shares with the history; take its COMMIT or ROLLBACK out"
                  .formatted(name(), statement.getLineNumber()));
        }
      }
    }
  }
}
