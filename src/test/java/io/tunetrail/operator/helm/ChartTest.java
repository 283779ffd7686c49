package io.tunetrail.operator.helm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the chart renders. */
class ChartTest {
  private static final Path DEPLOY = Path.of("deploy");

  /** What Helm's own conventions ask for, on objects that deploy/ has without. */
  private static final List<String> LABELS_OF_HELM =
      List.of(
          "helm.sh/chart",
          "app.kubernetes.io/instance",
          "app.kubernetes.io/version",
          "app.kubernetes.io/managed-by");

  /** Helm reads 1.0 and writes 1, which mean the same. */
  private static final Comparator<JsonNode> NUMBERS_BY_VALUE =
      (one, other) ->
          one.isNumber() && other.isNumber()
              ? one.decimalValue().compareTo(other.decimalValue())
              : one.equals(other) ? 0 : 1;

  private static final String NAME_LABEL = "app.kubernetes.io/name";
  private static final String KEEP = "helm.sh/resource-policy";

  @Test
  void lint_finds_nothing_that_is_wrong() {
    var found = new Helm(Chart.FOLDER).lint().strict().call();
    assertThat(found.isFailed()).as("%s", found.getMessages()).isFalse();
    assertThat(found.getMessages()).allMatch(it -> it.startsWith("[INFO]"));
  }

  @Test
  void its_version_is_the_operators() throws IOException {
    var version = Manifests.YAML.readTree(Chart.FOLDER.resolve("Chart.yaml").toFile());
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains(
            "<artifactId>tunetrail-operator</artifactId>\n  <version>%s</version>"
                .formatted(version.path("version").asText()));
    assertThat(version.path("appVersion")).isEqualTo(version.path("version"));
  }

  @ParameterizedTest
  @CsvSource({
    "default,",
    "prometheus, monitoring",
    "prometheus-operator, monitoring/prometheus-operator",
    "approvals, approvals",
    "four-eyes, four-eyes"
  })
  void it_renders_what_deploy_has(String valueSet, @Nullable String more) throws IOException {
    var deployed = new ArrayList<>(Kustomization.build(DEPLOY));
    if (more != null) {
      deployed.addAll(Kustomization.build(DEPLOY.resolve(more)));
    }
    // A release is kept in its namespace, so that must be there before it.
    deployed.removeIf(it -> Manifests.kind(it).equals("Namespace"));
    var expected = Manifests.byName(deployed);
    var rendered = Manifests.byName(Chart.renderInstalled(valueSet));
    assertThat(rendered.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (name, object) -> {
          var own = withoutWhatIsHelms(named(rendered, name), object);
          assertThat(own.equals(NUMBERS_BY_VALUE, object))
              .as("%s is %s, and in deploy/ %s", name, own, object)
              .isTrue();
        });
  }

  private static ObjectNode named(Map<String, ObjectNode> objects, String name) {
    return requireNonNull(objects.get(name), name);
  }

  private static JsonNode withoutWhatIsHelms(ObjectNode rendered, ObjectNode deployed) {
    var metadata = (ObjectNode) rendered.path("metadata");
    var labels = (ObjectNode) metadata.path("labels");
    labels.remove(LABELS_OF_HELM);
    if (!deployed.path("metadata").path("labels").has(NAME_LABEL)) {
      labels.remove(NAME_LABEL);
    }
    if (metadata.path("annotations") instanceof ObjectNode annotations) {
      annotations.remove(KEEP);
      if (annotations.isEmpty()) {
        metadata.remove("annotations");
      }
    }
    return rendered;
  }

  @ParameterizedTest
  @MethodSource("io.tunetrail.operator.helm.Chart#valueSets")
  void each_value_set_renders_objects_that_fit_together(Path values) {
    var rendered = Manifests.byName(Chart.render(values));
    for (var object : rendered.values()) {
      assertThat(object.path("metadata").path("namespace").isMissingNode())
          .as(Manifests.name(object))
          .isEqualTo(Manifests.isOfTheCluster(object));
    }
    assertThat(pods(rendered.values())).isNotEmpty().allSatisfy(ChartTest::isRestricted);
  }

  @ParameterizedTest
  @MethodSource("io.tunetrail.operator.helm.Chart#valueSets")
  void jobs_run_the_operators_own_image(Path values) {
    var containers = pods(Chart.render(values)).map(it -> it.path("containers").path(0)).toList();
    assertThat(containers).extracting(it -> it.path("image")).containsOnly(image(containers));
  }

  private static JsonNode image(List<JsonNode> containers) {
    return containers.stream()
        .map(it -> variable(it, "OPERATOR_IMAGE"))
        .filter(it -> !it.isMissingNode())
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode variable(JsonNode container, String name) {
    return elements(container.path("env"))
        .filter(it -> it.path("name").asText().equals(name))
        .map(it -> it.path("value"))
        .findFirst()
        .orElse(container.path("nothing"));
  }

  /** The specs of all pods. */
  private static Stream<JsonNode> pods(Iterable<ObjectNode> objects) {
    return StreamSupport.stream(objects.spliterator(), false)
        .map(it -> it.at("/spec/template").isMissingNode() ? it : it.at("/spec/template"))
        .map(it -> it.path("spec"))
        .filter(it -> it.has("containers"));
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  /** As the level "restricted" of Pod Security asks. */
  private static void isRestricted(JsonNode pod) {
    assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
    assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
    for (var container : pod.path("containers")) {
      var context = container.path("securityContext");
      assertThat(context.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
      assertThat(context.path("readOnlyRootFilesystem").asBoolean()).isTrue();
      assertThat(context.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
    }
  }

  @Test
  void in_some_namespaces_it_needs_and_has_nothing_of_the_cluster() {
    var rendered = Chart.render(Chart.valueSet("some-namespaces"));
    assertThat(rendered).noneMatch(Manifests::isOfTheCluster);
    var namespaces = rendered.stream().map(it -> it.path("metadata").path("namespace").asText());
    assertThat(namespaces).containsOnly("tunetrail-system", "team-songs", "team-bands");
  }

  @Test
  void in_each_of_some_namespaces_it_has_the_rights_that_it_else_has_everywhere() {
    var everywhere = Manifests.byName(Chart.renderInstalled("default"));
    var some = Manifests.byName(Chart.renderInstalled("some-namespaces"));
    for (var namespace : Set.of("team-songs", "team-bands")) {
      var name = " %s/tunetrail-operator".formatted(namespace);
      assertThat(named(some, "Role" + name).path("rules"))
          .isEqualTo(named(everywhere, "ClusterRole /tunetrail-operator").path("rules"));
      assertThat(named(some, "RoleBinding" + name).path("subjects"))
          .isEqualTo(named(everywhere, "ClusterRoleBinding /tunetrail-operator").path("subjects"));
    }
    assertThat(variable(operator("some-namespaces"), "WATCH_NAMESPACES").asText())
        .isEqualTo("team-songs,team-bands");
    assertThat(variable(operator("default"), "WATCH_NAMESPACES").isMissingNode()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"prometheus-operator", "prometheus-operator-with-labels", "production"})
  void each_pod_is_asked_once_for_its_metrics(String valueSet) {
    var rendered = Chart.renderInstalled(valueSet);
    var monitor = ofKind(rendered, "ServiceMonitor").findFirst().orElseThrow();
    var services =
        ofKind(rendered, "Service")
            .filter(
                it ->
                    it.at("/metadata/labels")
                        .path(NAME_LABEL)
                        .equals(monitor.at("/spec/selector/matchLabels").path(NAME_LABEL)));
    assertThat(services).hasSize(1);
  }

  private static Stream<ObjectNode> ofKind(List<ObjectNode> objects, String kind) {
    return objects.stream().filter(it -> Manifests.kind(it).equals(kind));
  }

  @Test
  void a_digest_counts_instead_of_a_tag() {
    assertThat(operator("image-by-digest").path("image").asText())
        .matches("registry.example.org/tunetrail/operator@sha256:[0-9a-f]{64}");
  }

  @Test
  void labels_of_users_change_no_selector() {
    for (var name : List.of("labels-and-annotations", "default")) {
      var operator = deployment(name);
      assertThat(operator.at("/spec/template/metadata/labels").path(NAME_LABEL).asText())
          .isEqualTo(operator.at("/spec/selector/matchLabels").path(NAME_LABEL).asText())
          .isEqualTo("tunetrail-operator");
    }
    assertThat(Chart.render(Chart.valueSet("labels-and-annotations")))
        .allSatisfy(
            it -> {
              assertThat(it.at("/metadata/labels/team").asText()).isEqualTo("platform");
              assertThat(it.at("/metadata/annotations/example.org~1owner").asText())
                  .isEqualTo("platform");
            });
  }

  @Test
  void settings_are_the_operators_variables() {
    var operator = operator("settings");
    assertThat(operator.path("env"))
        .filteredOn(it -> it.has("value") && !it.path("name").asText().equals("OPERATOR_IMAGE"))
        .extracting(it -> it.path("name").asText() + "=" + it.path("value").asText())
        .containsExactly(
            "JOBS_AT_ONCE=10",
            "JOBS_AT_ONCE_PER_SERVER=2",
            "BACKUPS_AT_ONCE=4",
            "BACKUPS_AT_ONCE_PER_SERVER=1",
            "LOG_LEVEL=DEBUG",
            "LOG_FORMAT=json",
            "HEALTH_ACCESS=off",
            "WEBHOOK_URL=https://hooks.example.org/databases",
            "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector.example.org:4318",
            "HTTP_PORT=9090",
            "JDK_JAVA_OPTIONS=-Xlog:gc -Djava.net.preferIPv6Addresses=true");
    assertThat(operator.at("/ports/0/containerPort").asInt()).isEqualTo(9090);
  }

  @Test
  void definitions_outlive_the_release_unless_they_are_told_to_go() {
    assertThat(definitions("default")).containsOnly("keep").hasSize(2);
    assertThat(definitions("definitions-that-go")).containsOnly("").hasSize(2);
    assertThat(definitions("definitions-by-another")).isEmpty();
  }

  private static List<String> definitions(String valueSet) {
    return ofKind(Chart.renderInstalled(valueSet), "CustomResourceDefinition")
        .map(it -> it.path("metadata").path("annotations").path(KEEP).asText())
        .toList();
  }

  private static JsonNode operator(String valueSet) {
    return deployment(valueSet).at("/spec/template/spec/containers/0");
  }

  private static JsonNode deployment(String valueSet) {
    return ofKind(Chart.renderInstalled(valueSet), "Deployment").findFirst().orElseThrow();
  }
}
