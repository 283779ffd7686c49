package io.tunetrail.operator.migration;

import io.tunetrail.operator.analysis.Analysis;
import io.tunetrail.operator.analysis.Lint;
import io.tunetrail.operator.analysis.Linted;
import io.tunetrail.operator.analysis.PlannedStatement;
import io.tunetrail.operator.analysis.Squawk;
import io.tunetrail.operator.analysis.TableLock;
import io.tunetrail.operator.analysis.Trace;
import io.tunetrail.operator.database.LiveTables;
import io.tunetrail.operator.database.LockTrace;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a plan's statements mean: squawk reads them, a scratch database shows what they lock and
 * change, and the live database tells how large the tables are.
 */
public record PlanAnalysis(Squawk squawk) {

  /**
   * The analysis.
   *
   * @param live a session in the database that the plan is for, with the role and search path that
   *     it will have; only read, and only the catalog
   * @param scratch the same in a scratch database that has the schema which the plan begins with;
   *     changed by the statements. Null where there is none: then locks are as squawk says, and
   *     code that only runs shows is not known
   */
  public Analysis of(
      List<PlannedStatement> statements, Connection live, @Nullable Connection scratch)
      throws SQLException, InterruptedException {
    var lint = squawk.read(statements, live.getMetaData().getDatabaseMajorVersion());
    var traces =
        scratch == null ? null : LockTrace.of(scratch, statements, at -> staysWithin(lint.of(at)));
    return Analysis.of(
        statements, lint, traces, LiveTables.sizes(live, names(statements, lint, traces)));
  }

  private static boolean staysWithin(@Nullable Linted linted) {
    return linted != null && linted.staysWithin();
  }

  private static Set<String> names(
      List<PlannedStatement> statements, Lint lint, @Nullable List<Trace> traces) {
    var read =
        Stream.iterate(0, at -> at < statements.size(), at -> at + 1)
            .map(lint::of)
            .filter(Objects::nonNull)
            .flatMap(it -> it.tables().stream());
    var seen =
        traces == null
            ? Stream.<String>of()
            : traces.stream()
                .flatMap(it -> it.locks().stream())
                .map(TableLock::table)
                .filter(Objects::nonNull);
    return Stream.concat(read, seen).collect(Collectors.toSet());
  }
}
