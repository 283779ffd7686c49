package io.tunetrail.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The alerts name what is measured, and each is explained and tested. */
class AlertsTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Path MONITORING = Path.of("deploy", "monitoring");
  private static final Path ALERTS = MONITORING.resolve("base/alerts.yaml");
  private static final Path RULE = MONITORING.resolve("prometheus-operator/prometheus-rule.yaml");
  private static final Path RUNBOOKS = Path.of("src", "docs", "runbooks");
  private static final Path UNIT_TESTS = Path.of("src", "e2e", "prometheus", "rules");
  private static final String HEAD =
      """
      # Generated from ../base/alerts.yaml: mvn test -Dtest=AlertsTest -Dalerts=write
      apiVersion: monitoring.coreos.com/v1
      kind: PrometheusRule
      metadata:
        name: tunetrail
      spec:
      """;

  private static final Pattern TOLD_OF = Pattern.compile("\\b(tunetrail|reconciliations)_\\w+");

  /** How full a volume is the kubelet tells; the runbook says so. */
  private static final Set<String> OF_KUBELETS =
      Set.of("kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes");

  /** Those that no scenario makes fire, and why. */
  private static final Map<String, String> NOT_MADE =
      Map.of(
          "TuneTrailBackupVolumeFull",
          "it takes a volume of its own, nearly full, whose driver measures it for the kubelet; the"
              + " scenarios' volumes are folders of a node");

  private static final Path SCENARIOS = Path.of("src", "e2e", "scenarios");
  private static final Pattern MADE = Pattern.compile("\\bis_firing\\w* (TuneTrail\\w+)");

  private record Alert(String name, JsonNode rule) {
    String annotation(String key) {
      return rule.path("annotations").path(key).asText();
    }
  }

  @Test
  void the_prometheus_rule_has_the_same_alerts_as_the_plain_file() throws IOException {
    var generated =
        HEAD
            + Files.readString(ALERTS)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> "  " + line + "\n")
                .collect(Collectors.joining());
    if ("write".equals(System.getProperty("alerts"))) {
      Files.writeString(RULE, generated);
    }
    assertThat(RULE)
        .as("it is stale: run mvn test -Dtest=AlertsTest -Dalerts=write")
        .hasContent(generated);
  }

  @Test
  void alerts_are_made_of_metrics_that_there_are() throws IOException {
    var known = new HashSet<>(KnownMetrics.series());
    known.addAll(OF_KUBELETS);
    for (var alert : alerts()) {
      var used = KnownMetrics.in(alert.rule().path("expr").asText());
      assertThat(used).as(alert.name()).isNotEmpty().isSubsetOf(known);
    }
  }

  @Test
  void runbooks_and_the_rules_tests_name_metrics_that_there_are() throws IOException {
    var known = KnownMetrics.series();
    for (var file : Stream.concat(files(RUNBOOKS).stream(), files(UNIT_TESTS).stream()).toList()) {
      var named = TOLD_OF.matcher(Files.readString(file)).results().map(MatchResult::group);
      assertThat(named).as(file.toString()).isSubsetOf(known);
    }
  }

  @Test
  void each_alert_says_how_bad_it_is_what_happened_and_what_to_do() throws IOException {
    for (var alert : alerts()) {
      assertThat(alert.rule().path("labels").path("severity").asText())
          .as(alert.name())
          .isIn("critical", "warning", "info");
      assertThat(alert.annotation("summary")).as(alert.name()).endsWith(".");
      assertThat(alert.annotation("description")).as(alert.name()).endsWith(".");
      var runbook = Path.of(alert.annotation("runbook_url"));
      assertThat(runbook).isEqualTo(RUNBOOKS.resolve(alert.name() + ".md"));
      assertThat(Files.readString(runbook).lines().filter(line -> line.startsWith("#")))
          .as(alert.name())
          .containsExactly(
              "# " + alert.name(), "## Meaning", "## Impact", "## Diagnosis", "## Mitigation");
    }
  }

  @Test
  void no_runbook_is_without_its_alert() throws IOException {
    assertThat(files(RUNBOOKS))
        .hasSameElementsAs(
            alerts().stream().map(it -> RUNBOOKS.resolve(it.name() + ".md")).toList());
  }

  @Test
  void each_alert_is_seen_to_fire_and_not_to_fire() throws IOException {
    var fire = new TreeSet<String>();
    var quiet = new TreeSet<String>();
    for (var file : files(UNIT_TESTS)) {
      for (var test : YAML.readTree(file.toFile()).path("tests")) {
        for (var expected : test.path("alert_rule_test")) {
          var into = expected.path("exp_alerts").isEmpty() ? quiet : fire;
          into.add(expected.path("alertname").asText());
        }
      }
    }
    var all = alerts().stream().map(Alert::name).toList();
    assertThat(fire).hasSameElementsAs(all);
    assertThat(quiet).hasSameElementsAs(all);
  }

  @Test
  void each_alert_is_made_to_fire_on_a_cluster_where_it_can_be() throws IOException {
    var made = new TreeSet<String>();
    for (var scenario : files(SCENARIOS)) {
      MADE.matcher(Files.readString(scenario)).results().forEach(it -> made.add(it.group(1)));
    }
    assertThat(made).doesNotContainAnyElementsOf(NOT_MADE.keySet());
    made.addAll(NOT_MADE.keySet());
    assertThat(made).hasSameElementsAs(alerts().stream().map(Alert::name).toList());
  }

  private static List<Alert> alerts() throws IOException {
    var alerts = new ArrayList<Alert>();
    for (var group : YAML.readTree(ALERTS.toFile()).path("groups")) {
      StreamSupport.stream(group.path("rules").spliterator(), false)
          .map(rule -> new Alert(rule.path("alert").asText(), rule))
          .forEach(alerts::add);
    }
    assertThat(alerts).isNotEmpty();
    return alerts;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
