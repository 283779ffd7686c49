package io.tunetrail.operator.database;

import io.tunetrail.operator.analysis.PlannedStatement;
import io.tunetrail.operator.analysis.Trace;
import io.tunetrail.operator.analysis.Trace.Run;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Tries statements one after another on a scratch database that has the schema they are planned
 * for, and tells what each locks and changes. Each runs in a transaction of its own, so that a lock
 * which an earlier one took is told again; one that PostgreSQL refuses in a transaction, outside.
 */
public final class LockTrace {
  private static final String REFUSED_IN_TRANSACTION = "25001";

  /** The tables are empty: what takes longer waits for something. */
  private static final int SECONDS = 60;

  private final Connection scratch;
  private final IntPredicate staysWithin;
  private final TracedCatalog beginning;
  private final String searchPath;

  private LockTrace(Connection scratch, IntPredicate staysWithin) throws SQLException {
    this.scratch = scratch;
    this.staysWithin = staysWithin;
    beginning = TracedCatalog.read(scratch);
    searchPath = SearchPath.setting(scratch);
  }

  /**
   * One trace for each statement, in order; changes the scratch database, and never what it shares
   * with others of its server.
   *
   * @param scratch a session in it, with the role and search path that the plan will have; in
   *     autocommit
   * @param staysWithin whether the statement of that number touches its database alone, and so may
   *     run outside a transaction here
   */
  public static List<Trace> of(
      Connection scratch, List<PlannedStatement> statements, IntPredicate staysWithin)
      throws SQLException {
    return new LockTrace(scratch, staysWithin).traces(statements);
  }

  private List<Trace> traces(List<PlannedStatement> statements) throws SQLException {
    var traces = new ArrayList<Trace>();
    var before = beginning;
    for (int at = 0; at < statements.size(); at++) {
      if (at > 0 && !statements.get(at).script().equals(statements.get(at - 1).script())) {
        SearchPath.restore(scratch, searchPath);
      }
      var sql = statements.get(at).sql();
      var attempt = inTransaction(sql, before);
      if (attempt.trace().run() == Run.ONLY_OUTSIDE && staysWithin.test(at)) {
        attempt = outside(sql, before);
      }
      traces.add(attempt.trace());
      before = attempt.after();
    }
    return traces;
  }

  private record Attempt(Trace trace, TracedCatalog after) {}

  private Attempt inTransaction(String sql, TracedCatalog before) throws SQLException {
    scratch.setAutoCommit(false);
    try {
      execute(sql);
      if (SearchPath.trusted(scratch, TracedCatalog::writesForAll)) {
        scratch.rollback();
        return new Attempt(unseen(Run.TAKEN_BACK, null), before);
      }
      var held = SearchPath.trusted(scratch, TracedCatalog::held);
      var after = before.after(scratch, held);
      scratch.commit();
      return seen(Run.IN_TRANSACTION, held, before, after);
    } catch (SQLException e) {
      scratch.rollback();
      return new Attempt(refused(e), before);
    } finally {
      scratch.setAutoCommit(true);
    }
  }

  private static Trace refused(SQLException e) {
    return REFUSED_IN_TRANSACTION.equals(e.getSQLState())
        ? unseen(Run.ONLY_OUTSIDE, null)
        : unseen(Run.FAILED, SqlFailure.words(e));
  }

  private Attempt outside(String sql, TracedCatalog before) throws SQLException {
    try {
      execute(sql);
    } catch (SQLException e) {
      return new Attempt(unseen(Run.FAILED, SqlFailure.words(e)), before.after(scratch, Map.of()));
    }
    return seen(Run.OUTSIDE, Map.of(), before, before.after(scratch, Map.of()));
  }

  private Attempt seen(
      Run run, Map<Long, Set<String>> held, TracedCatalog before, TracedCatalog after) {
    var trace =
        new Trace(
            run,
            before.locks(held),
            before.written(held),
            before.newStorage(after),
            beginning.changes(before, after),
            null);
    return new Attempt(trace, after);
  }

  private static Trace unseen(Run run, @Nullable String detail) {
    return new Trace(run, List.of(), List.of(), List.of(), List.of(), detail);
  }

  private void execute(String sql) throws SQLException {
    try (var statement = scratch.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.setQueryTimeout(SECONDS);
      statement.execute(sql);
    }
  }
}
