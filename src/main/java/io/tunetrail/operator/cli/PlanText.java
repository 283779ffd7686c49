package io.tunetrail.operator.cli;

import io.tunetrail.operator.cli.PlanDocument.Finding;
import io.tunetrail.operator.cli.PlanDocument.Statement;
import java.util.Locale;
import java.util.Objects;

/** A plan for people: the SQL as it would run, with comments on what is to be known of it. */
record PlanText(PlanDocument plan, Style style) {

  String text() {
    if (plan.steps().isEmpty()) {
      return "the plan holds no statement\n";
    }
    var text = new StringBuilder();
    String script = "";
    for (int at = 0; at < plan.steps().size(); at++) {
      var statement = plan.steps().get(at);
      if (!statement.script().equals(script)) {
        script = statement.script();
        text.append(style.heading(heading(statement))).append('\n');
      }
      text.append(statement.sql().strip()).append(end(statement)).append('\n').append(notes(at));
    }
    plan.remarks().forEach(it -> text.append("-- ").append(it).append('\n'));
    return text.toString();
  }

  private static String heading(Statement statement) {
    return "-- %s%s"
        .formatted(
            statement.script(),
            Boolean.FALSE.equals(statement.transactional()) ? ", outside a transaction" : "");
  }

  private static String end(Statement statement) {
    var sql = statement.sql().strip();
    return sql.endsWith(";") || sql.startsWith("--") ? "" : ";";
  }

  private String notes(int statement) {
    var notes = new StringBuilder();
    var locks = plan.locks(statement);
    if (!locks.isEmpty()) {
      notes.append("--   locks: ").append(String.join(", ", locks)).append('\n');
    }
    var rewrites = plan.rewrites(statement);
    if (!rewrites.isEmpty()) {
      notes.append("--   rewrites: ").append(String.join(", ", rewrites)).append('\n');
    }
    plan.findings(statement).forEach(it -> notes.append(finding(it)));
    return notes.toString();
  }

  private String finding(Finding finding) {
    var level = Objects.requireNonNullElse(finding.level(), "note").toLowerCase(Locale.ROOT);
    var shown =
        switch (level) {
          case "note" -> level;
          case "destructive" -> style.bad(level);
          default -> style.waiting(level);
        };
    var line = "--   %s: %s (%s)\n".formatted(shown, comment(finding.message()), finding.rule());
    return finding.saferWay() == null
        ? line
        : line + "--     safer: %s\n".formatted(comment(finding.saferWay()));
  }

  /** Of several lines each is a comment. */
  private static String comment(String text) {
    return text.strip().replace("\n", "\n--     ");
  }
}
