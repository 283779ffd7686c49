package io.tunetrail.operator.cli;

import io.tunetrail.operator.cli.PlanDocument.Finding;
import io.tunetrail.operator.cli.PlanDocument.Statement;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** A plan for people: the SQL as it would run, then what is to be known of it. */
record PlanText(PlanDocument plan, Style style) {

  String text() {
    var text = new StringBuilder();
    String script = "";
    for (var statement : plan.steps()) {
      if (!statement.script().equals(script)) {
        script = statement.script();
        text.append(style.heading(heading(statement))).append('\n');
      }
      text.append(statement.sql().strip()).append(end(statement)).append("\n");
    }
    if (plan.steps().isEmpty()) {
      text.append("the plan holds no statement\n");
    }
    return text + findings();
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

  private String findings() {
    var findings = plan.findings();
    return findings.isEmpty()
        ? ""
        : "\n"
            + style.heading("Findings")
            + "\n"
            + findings.stream().map(this::finding).collect(Collectors.joining());
  }

  private String finding(Finding finding) {
    var level = Objects.requireNonNullElse(finding.level(), "note").toLowerCase(Locale.ROOT);
    var shown = level.equals("note") ? level : style.waiting(level);
    var remedy = finding.remedy() == null ? "" : "\n    " + finding.remedy();
    return "  %s: %s (%s)%s\n".formatted(shown, finding.message(), finding.rule(), remedy);
  }
}
