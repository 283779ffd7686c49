package io.tunetrail.operator.metrics;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.Look;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** src/docs/metrics.md is generated from a page of metrics; {@code -Ddocs=write} writes it. */
class MetricsTableTest {
  private static final Path COMMITTED = Path.of("src", "docs", "metrics.md");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");
  private static final String HEAD =
      """
      # What /metrics tells

      Generated from a page of the operator's own. Times are seconds since 1970; what is not known has no value. Series with a
      `name` are those of the operator that leads, and go with their resource. Besides these there are the operator SDK's
      (`reconciliations_…`) and the JVM's (`jvm_…`, `process_…`, `system_…`).

      | metric | kind | labels | what it tells |
      |---|---|---|---|
      """;

  private record Family(String kind, String help, TreeSet<String> labels) {}

  @Test
  void the_committed_table_is_what_a_page_holds() throws IOException {
    var generated = HEAD + rows(page());
    if ("write".equals(System.getProperty("docs"))) {
      Files.createDirectories(COMMITTED.getParent());
      Files.writeString(COMMITTED, generated);
    }
    assertThat(COMMITTED)
        .as("the table is stale: run mvn test -Dtest=MetricsTableTest -Ddocs=write")
        .hasContent(generated);
  }

  /** With everything that can be told. */
  private static String page() {
    try (var metrics = new OperatorMetrics(() -> true)) {
      var karaoke = TestResources.waiting("karaoke");
      var before = TestResources.waiting("karaoke");
      before.setStatus(null);
      var restore = TestResources.restore("karaoke-back", "Restored", "Restored");
      metrics.tellOf(() -> List.of(karaoke));
      metrics.tellOfRestores(() -> List.of(restore));
      metrics.timed(TestResources::seen);
      metrics.looked(karaoke, new Look.Unseen(Reason.DATABASE_UNREACHABLE, "refused"));
      metrics.looked(karaoke, TestResources.seen());
      metrics.told(before, requireNonNull(karaoke.getStatus()));
      metrics.notified("delivered");
      return metrics.page();
    }
  }

  private static String rows(String page) {
    var families = new TreeMap<String, Family>();
    var help = "";
    var name = "";
    for (var line : page.lines().toList()) {
      if (line.startsWith("# HELP tunetrail_")) {
        name = line.split(" ", 4)[2];
        help = line.split(" ", 4)[3];
      } else if (line.startsWith("# TYPE tunetrail_")) {
        families.put(name, new Family(line.split(" ", 4)[3], help, new TreeSet<>()));
      } else if (!name.isEmpty() && line.startsWith(name)) {
        var labels = requireNonNull(families.get(name)).labels();
        LABEL.matcher(line).results().forEach(it -> labels.add(it.group(1)));
      }
    }
    var rows = new StringBuilder();
    families.forEach(
        (metric, it) ->
            rows.append(
                "| `%s` | %s | %s | %s |\n"
                    .formatted(metric, it.kind(), String.join(", ", it.labels()), it.help())));
    return rows.toString();
  }
}
