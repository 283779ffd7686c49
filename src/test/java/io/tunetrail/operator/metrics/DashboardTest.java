package io.tunetrail.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The dashboards are what panels.yaml says, and show what is measured. */
class DashboardTest {
  private static final Path FOLDER = Path.of("deploy", "monitoring", "dashboard");
  private static final Path SOURCE = FOLDER.resolve("panels.yaml");
  private static final Set<String> UNITS =
      Set.of("none", "short", "bytes", "s", "ops", "bool_yes_no", "dateTimeFromNow");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\w+");

  /** Maxima, for the quantiles and means are shown, and what only joins an alert's series. */
  private static final Set<String> NOT_SHOWN =
      Set.of(
          "tunetrail_look_duration_seconds_max",
          "tunetrail_migration_duration_seconds_max",
          "tunetrail_backup_claim_info");

  private final ObjectMapper json = new ObjectMapper();

  @Test
  void the_dashboards_are_generated() throws IOException {
    for (var dashboard : dashboards()) {
      var file = FOLDER.resolve(dashboard.path("file").asText());
      var generated = printed(DashboardJson.of(dashboard));
      if ("write".equals(System.getProperty("dashboard"))) {
        Files.writeString(file, generated);
      }
      assertThat(file)
          .as("it is stale: run mvn test -Dtest=DashboardTest -Ddashboard=write")
          .hasContent(generated);
    }
  }

  @Test
  void each_panel_says_what_it_shows_and_in_which_unit() throws IOException {
    for (var dashboard : dashboards()) {
      var titles = panels(dashboard).stream().map(it -> it.path("title").asText()).toList();
      assertThat(titles).doesNotHaveDuplicates().doesNotContain("");
      for (var panel : panels(dashboard)) {
        var title = panel.path("title").asText();
        assertThat(panel.path("description").asText()).as(title).endsWith(".");
        assertThat(units(panel)).as(title).isNotEmpty().isSubsetOf(UNITS);
        assertThat(panel.path("width").asInt()).as(title).isBetween(2, 24);
      }
    }
  }

  @Test
  void panels_are_made_of_metrics_that_there_are() throws IOException {
    var known = new HashSet<>(KnownMetrics.series());
    known.addAll(KnownMetrics.ofTheProcess());
    for (var expression : expressions()) {
      assertThat(KnownMetrics.in(expression)).as(expression).isSubsetOf(known);
    }
  }

  @Test
  void all_that_is_measured_is_shown() throws IOException {
    var shown =
        expressions().stream()
            .flatMap(it -> KnownMetrics.in(it).stream())
            .map(it -> it.replaceFirst("(_seconds)_(bucket|sum|count)$", "$1"))
            .collect(Collectors.toSet());
    shown.addAll(NOT_SHOWN);
    assertThat(shown).containsAll(KnownMetrics.ours());
  }

  @Test
  void panels_use_variables_that_the_dashboard_has_or_grafana() throws IOException {
    for (var dashboard : dashboards()) {
      var names = new HashSet<>(Set.of("$__rate_interval", "$__range"));
      dashboard.path("variables").forEach(it -> names.add("$" + it.path("name").asText()));
      for (var expression : expressions(dashboard)) {
        var used = VARIABLE.matcher(expression).results().map(MatchResult::group);
        assertThat(used).as(expression).isSubsetOf(names);
      }
    }
  }

  @Test
  void the_config_map_has_each_dashboard() throws IOException {
    var kustomization = Files.readString(FOLDER.resolve("kustomization.yaml"));
    assertThat(kustomization).contains("grafana_dashboard: \"1\"");
    for (var dashboard : dashboards()) {
      assertThat(kustomization).contains("- " + dashboard.path("file").asText() + "\n");
    }
  }

  private String printed(JsonNode dashboard) throws IOException {
    var indenter = new DefaultIndenter("  ", "\n");
    var printer =
        new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
    return json.writer(printer).writeValueAsString(dashboard) + "\n";
  }

  private static Set<String> units(JsonNode panel) {
    return panel.path("kind").asText().equals("table")
        ? elements(panel.path("queries")).stream()
            .map(it -> it.path("unit").asText("none"))
            .collect(Collectors.toSet())
        : Set.of(panel.path("unit").asText());
  }

  private static List<JsonNode> dashboards() throws IOException {
    var dashboards =
        elements(new ObjectMapper(new YAMLFactory()).readTree(SOURCE.toFile()).path("dashboards"));
    assertThat(dashboards).isNotEmpty();
    return dashboards;
  }

  private static List<JsonNode> panels(JsonNode dashboard) {
    return elements(dashboard.path("rows")).stream()
        .flatMap(row -> elements(row.path("panels")).stream())
        .toList();
  }

  private static List<String> expressions() throws IOException {
    return dashboards().stream().flatMap(it -> expressions(it).stream()).toList();
  }

  private static List<String> expressions(JsonNode dashboard) {
    return panels(dashboard).stream()
        .flatMap(panel -> elements(panel.path("queries")).stream())
        .map(query -> query.path("expr").asText())
        .toList();
  }

  private static List<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }
}
