package io.tunetrail.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.api.reconciler.Constants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The names of what /metrics tells, and those in an expression of PromQL. */
final class KnownMetrics {
  private static final Pattern NO_METRICS =
      Pattern.compile("\\{[^}]*}|\\[[^]]*]|\"[^\"]*\"|\\b(by|on|without|ignoring) *\\([^)]*\\)");
  private static final Pattern NAME = Pattern.compile("\\b[a-z_]\\w*\\b(?! *\\()");
  private static final Set<String> KEYWORDS = Set.of("and", "or", "unless", "offset", "bool");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\w+) \\|");

  private KnownMetrics() {}

  /** All names of an expression that are neither functions nor labels. */
  static Set<String> in(String expression) {
    return NAME.matcher(NO_METRICS.matcher(expression).replaceAll(" "))
        .results()
        .map(MatchResult::group)
        .filter(name -> !KEYWORDS.contains(name))
        .collect(Collectors.toSet());
  }

  /** Ours, as the table has them. */
  static Set<String> ours() throws IOException {
    return table()
        .results()
        .map(row -> row.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** All series of ours and of the operator SDK. */
  static Set<String> series() throws IOException {
    var names =
        new HashSet<>(ofAPage(line -> line.startsWith("reconciliations_"), "reconciliations_"));
    table().results().forEach(row -> names.addAll(seriesOf(row.group(1), row.group(2))));
    return names;
  }

  /** Those of the JVM and its process. */
  static Set<String> ofTheProcess() {
    return ofAPage(line -> line.matches("(jvm|process|system)_.*"), "jvm_");
  }

  private static Matcher table() throws IOException {
    return ROW.matcher(Files.readString(Path.of("src", "docs", "metrics.md")));
  }

  private static List<String> seriesOf(String metric, String kind) {
    return kind.equals("histogram")
        ? List.of(metric, metric + "_bucket", metric + "_sum", metric + "_count")
        : List.of(metric);
  }

  private static Set<String> ofAPage(Predicate<String> wanted, String some) {
    try (var metrics = new OperatorMetrics(() -> true)) {
      var sdk = metrics.ofTheOperatorSdk();
      var resource = TestResources.waiting("karaoke");
      var whose = Map.<String, Object>of(Constants.CONTROLLER_NAME, "databases");
      var failure = new IllegalStateException("the API server is away");
      sdk.reconciliationFailed(resource, null, failure, whose);
      sdk.reconciliationSucceeded(resource, whose);
      var page = metrics.page();
      assertThat(page).contains(some);
      return page.lines()
          .filter(wanted)
          .map(line -> line.split("[{ ]", 2)[0])
          .collect(Collectors.toSet());
    }
  }
}
