package io.tunetrail.operator.analysis;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The analysis of a plan.
 *
 * @param linter squawk and its version; null where the statements were not analysed by it
 * @param remarks what could not be found out, and why
 * @param destructive whether data is gone afterwards; null where that is not known of a statement
 * @param warnings the statements with a warning or worse
 * @param statements one for each of the plan, in its order
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Analysis(
    @Nullable String linter,
    List<String> remarks,
    @Nullable Boolean destructive,
    int warnings,
    List<StatementAnalysis> statements) {
  private static final String NO_SCRATCH = "there was no scratch database";

  /**
   * Brings together what is known.
   *
   * @param lint what squawk says
   * @param traces one for each statement; null where there was no scratch database
   * @param sizes of tables of the live database, by each name that was asked for
   */
  public static Analysis of(
      List<PlannedStatement> statements,
      Lint lint,
      @Nullable List<Trace> traces,
      Map<String, TableSize> sizes) {
    var assessed =
        IntStream.range(0, statements.size())
            .mapToObj(
                at ->
                    new Assessment(
                            statements.get(at),
                            lint.of(at),
                            traces == null ? null : traces.get(at),
                            sizes)
                        .made(NO_SCRATCH))
            .toList();
    var unknown =
        IntStream.range(0, statements.size())
            .anyMatch(at -> unknown(lint.of(at), traces == null ? null : traces.get(at)));
    return new Analysis(
        lint.linter(),
        lint.remarks(),
        assessed.stream().anyMatch(it -> it.has(Level.DESTRUCTIVE))
            ? Boolean.TRUE
            : unknown ? null : Boolean.FALSE,
        (int)
            assessed.stream()
                .filter(it -> it.has(Level.WARNING) || it.has(Level.DESTRUCTIVE))
                .count(),
        assessed);
  }

  private static boolean unknown(@Nullable Linted linted, @Nullable Trace trace) {
    if (linted == null) {
      return true;
    }
    return (trace != null && trace.measured())
        ? linted.runsCode() && !trace.written().isEmpty()
        : linted.unread() || linted.runsCode();
  }
}
