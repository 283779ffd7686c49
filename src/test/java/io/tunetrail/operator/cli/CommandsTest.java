package io.tunetrail.operator.cli;

import static io.tunetrail.operator.cli.Said.command;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.embedded.EmbeddedApi;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a person uses it, against a stand-in for the Kubernetes API. */
class CommandsTest {
  private static final EmbeddedApi API = new EmbeddedApi();
  private static final KubernetesClient CLIENT = API.client("user");

  @TempDir static Path folder = Path.of("");

  @BeforeAll
  static void configure() throws IOException {
    System.setProperty("kubeconfig", API.writeKubeconfig(folder.resolve("config")).toString());
    var scripts = Map.of("V5__a.sql", "SELECT 1", "V6__b.sql", "SELECT 1", "V7__c.sql", "SELECT 1");
    CLIENT
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("karaoke")
                .endMetadata()
                .withData(scripts)
                .build())
        .create();
  }

  @AfterAll
  static void stop() {
    System.clearProperty("kubeconfig");
    CLIENT.close();
    API.close();
  }

  @Test
  void a_relative_target_becomes_the_version_that_is_meant_now() {
    resource("relative", "Undo", "UpToDate", 1);
    assertThat(command("target", "relative", "-2"))
        .isEqualTo(new Said(0, "relative: 7 → 5 (undoes 7, 6)\n", ""));
    assertThat(target("relative")).isEqualTo("5");
  }

  @Test
  void a_dry_run_changes_nothing() {
    resource("tried", "Undo", "UpToDate", 1);
    assertThat(command("target", "tried", "6", "--dry-run", "-n", "default").out())
        .isEqualTo("tried: 7 → 6 (undoes 7), not changed\n");
    assertThat(target("tried")).isEqualTo("latest");
  }

  @Test
  void going_back_where_it_is_forbidden_names_the_line_that_allows_it() {
    resource("forbidden", "Forbid", "UpToDate", 1);
    var said = command("target", "forbidden", "-1");
    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.err()).contains("7 → 6 (undoes 7)", "kubectl patch ttdb forbidden", "Undo");
    assertThat(target("forbidden")).isEqualTo("latest");
  }

  @Test
  void no_step_is_counted_from_a_version_that_is_about_to_change() {
    resource("working", "Undo", "Migrating", 1);
    resource("unseen", "Undo", "UpToDate", 0);
    assertThat(command("target", "working", "-1").err()).contains("is not done", "kubectl wait");
    assertThat(command("target", "unseen", "+1").err()).contains("is not done", "kubectl wait");
    assertThat(command("target", "working", "6").exitCode()).isZero();
  }

  @Test
  void what_is_not_there_is_named() {
    assertThat(command("target", "nobody", "7"))
        .isEqualTo(
            new Said(
                1,
                "",
                "error: there is no TuneTrailDatabase nobody in namespace default; see kubectl get"
                    + " ttdb --all-namespaces\n"));
    assertThat(command("target", "nobody", "7", "--context", "prod").err())
        .isEqualTo("error: the kubeconfig has no context prod; see kubectl config get-contexts\n");
  }

  @Test
  void who_may_not_read_the_operator_s_deployment_is_told_of_the_option() {
    var yaml =
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailDatabase
        metadata: {name: soleil}
        spec:
          edition: saas
          environment: staging
          connection: {secretRef: {name: none}}
          schema: {alembic: {image: "registry.example.org/soleil:3"}}
        """;
    CLIENT.resource(Serialization.unmarshal(yaml, TuneTrailDatabase.class)).create();
    try (var _ = API.refuse(it -> it.path().endsWith("/deployments"), 403, "Forbidden", "no")) {
      assertThat(command("generate", "soleil", "add bands"))
          .isEqualTo(
              new Said(
                  1,
                  "",
                  "error: you may not read the operator's Deployment in namespace"
                      + " tunetrail-system; say the operator's image by --image\n"));
    }
  }

  @Test
  void what_is_not_understood_ends_with_2_and_the_usage() {
    assertThat(command("target", "karaoke").exitCode()).isEqualTo(2);
    assertThat(command("target", "karaoke").err())
        .contains("TO", "Usage: kubectl tunetrail target");
    assertThat(command("targte").exitCode()).isEqualTo(2);
    assertThat(command().exitCode()).isEqualTo(2);
  }

  @Test
  void help_is_no_error() {
    assertThat(command("--help").out()).contains("target");
    assertThat(command("target", "--help").exitCode()).isZero();
  }

  private static String target(String name) {
    var resource = CLIENT.resources(TuneTrailDatabase.class).withName(name).get();
    return requireNonNull(requireNonNull(resource).getSpec().targetVersion());
  }

  /** At version 7, with the ConfigMap karaoke, at generation 1. */
  private static void resource(String name, String rollback, String reason, int observed) {
    var yaml =
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailDatabase
        metadata: {name: %s, generation: 1}
        spec:
          edition: commercial
          environment: staging
          targetVersion: latest
          connection: {secretRef: {name: none}}
          schema: {flyway: {configMaps: [{name: karaoke}]}}
          migration: {rollback: %s}
        """
            .formatted(name, rollback);
    var created = CLIENT.resource(Serialization.unmarshal(yaml, TuneTrailDatabase.class)).create();
    var status =
        """
        {"observedGeneration": %d, "migrationVersion": "7", "conditions": [{"type": "Ready", "status": "True",
         "reason": "%s", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z", "observedGeneration": 1}]}
        """
            .formatted(observed == 0 ? 0 : created.getMetadata().getGeneration(), reason);
    created.setStatus(Serialization.unmarshal(status, TuneTrailDatabaseStatus.class));
    CLIENT.resource(created).updateStatus();
  }
}
