package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.SqlFailure;
import io.tunetrail.operator.lifecycle.Task;
import java.sql.SQLException;
import java.util.Objects;
import org.flywaydb.core.internal.sqlscript.FlywaySqlScriptException;
import org.jspecify.annotations.Nullable;

/**
 * Why a migration failed, as the person who must act needs it: file, line and PostgreSQL's own
 * words.
 */
record MigrationFailure(Work.Site site, MigrationProgress progress) {

  /**
   * The explanation.
   *
   * @param endUnknown whether a script outside a transaction was cut off, so that nobody knows how
   *     far it got
   */
  record Explained(Outcome outcome, String message, boolean endUnknown) {}

  Explained explain(RuntimeException failure) {
    var sql = cause(failure, SQLException.class);
    if (sql == null) {
      return new Explained(Outcome.INVALID_INPUT, oneLine(failure), false);
    }
    var what = SqlFailure.of(sql, site.settings());
    var message = where(failure, sql) + what.detail() + takeOver(sql);
    var outside = progress.outsideTransaction();
    boolean cut = what.lost() || site.fence().isLost();
    if (outside == null) {
      return new Explained(
          cut ? Outcome.CONNECTION_LOST : Outcomes.duringWork(what.reason()), message, false);
    }
    return cut
        ? new Explained(Outcome.HISTORY_CONFLICT, message + unknown(outside), true)
        : new Explained(Outcomes.duringWork(what.reason()), message + halfWay(outside), false);
  }

  private String takeOver(SQLException sql) {
    return site.order().task() == Task.MIGRATE && SqlFailure.isAlreadyThere(sql)
        ? SqlFailure.TAKE_OVER
        : "";
  }

  /** Script and line, to go before the reason; empty where they are not known. */
  static String where(RuntimeException failure, SQLException sql) {
    var script = cause(failure, FlywaySqlScriptException.class);
    if (script == null
        || script.getResource() == null
        || script.getResource().getFilename().isBlank()) {
      return "";
    }
    int within = ScriptPosition.line(sql, script.getStatement());
    int line = script.getLineNumber();
    if (within > 0) {
      line += within - ScriptPosition.firstLine(script.getStatement());
    }
    return "%s, line %d: ".formatted(script.getResource().getRelativePath(), line);
  }

  private String unknown(String script) {
    return "; %s runs outside a transaction, so how far it got is not known%s"
        .formatted(script, invalidIndexes());
  }

  private String halfWay(String script) {
    return "; %s runs outside a transaction, so what it did before stays%s"
        .formatted(script, invalidIndexes());
  }

  private String invalidIndexes() {
    try {
      return Recovery.invalidIndexes(site.fence());
    } catch (SQLException e) {
      return "";
    }
  }

  /** The nearest cause of this type; null where there is none. */
  static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }

  /** Flyway lays its messages out over several lines. */
  static String oneLine(RuntimeException failure) {
    return Objects.requireNonNullElse(failure.getMessage(), failure.getClass().getSimpleName())
        .strip()
        .replaceAll("\\s*\\R\\s*", "; ");
  }
}
