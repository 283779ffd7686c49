package io.tunetrail.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.cli.Check.Level;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.Task;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is said of what is found. */
class DoctorTest {
  private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");

  @Test
  void a_cluster_older_than_1_30_is_refused() {
    assertThat(ClusterVerdicts.version("1", "30+", "v1.30.2").level()).isEqualTo(Level.OK);
    assertThat(ClusterVerdicts.version("1", "29", "v1.29.9"))
        .isEqualTo(
            Check.fail(
                "cluster",
                "Kubernetes v1.29.9, older than 1.30",
                "Upgrade it: the operator needs admission policies and native sidecars."));
  }

  @Test
  void a_clock_may_be_5_seconds_off() {
    assertThat(ClusterVerdicts.clock(NOW, "Thu, 01 Jan 2026 09:59:57 GMT").level())
        .isEqualTo(Level.OK);
    assertThat(ClusterVerdicts.clock(NOW, "Thu, 01 Jan 2026 09:59:00 GMT").found())
        .isEqualTo("59 s ahead of the API server's");
    assertThat(ClusterVerdicts.clock(NOW, "Thu, 01 Jan 2026 10:02:00 GMT").found())
        .isEqualTo("120 s behind the API server's");
    assertThat(ClusterVerdicts.clock(NOW, null).level()).isEqualTo(Level.WARN);
  }

  @Test
  void the_definition_must_be_there_and_of_this_version() {
    var own = Installation.definitions().getFirst();
    var renamed =
        new CustomResourceDefinitionBuilder(own).editMetadata().withUid("u").endMetadata().build();
    var older =
        new CustomResourceDefinitionBuilder(own)
            .editSpec()
            .editFirstVersion()
            .withNewSchema()
            .endSchema()
            .endVersion()
            .endSpec()
            .build();
    assertThat(ClusterVerdicts.definition(Optional.of(renamed), own).level()).isEqualTo(Level.OK);
    assertThat(ClusterVerdicts.definition(Optional.of(older), own).level()).isEqualTo(Level.WARN);
    assertThat(ClusterVerdicts.definition(Optional.empty(), own).level()).isEqualTo(Level.FAIL);
  }

  @Test
  void the_operator_must_be_there_and_ready() {
    var deployment =
        new DeploymentBuilder()
            .withNewSpec()
            .withNewTemplate()
            .withNewSpec()
            .addNewContainer()
            .withImage("operator:1")
            .endContainer()
            .endSpec()
            .endTemplate()
            .endSpec();
    assertThat(ClusterVerdicts.operator(List.of(), "tunetrail-system").found())
        .isEqualTo("there is none in namespace tunetrail-system");
    assertThat(ClusterVerdicts.operator(List.of(deployment.build()), "here").level())
        .isEqualTo(Level.FAIL);
    var ready = deployment.withNewStatus().withReadyReplicas(1).endStatus().build();
    assertThat(ClusterVerdicts.operator(List.of(ready), "here"))
        .isEqualTo(Check.ok("operator", "1 ready, operator:1"));
  }

  @Test
  void each_right_that_it_lacks_is_named() {
    assertThat(Installation.rights())
        .contains(
            new Right("patch", "tunetrail.io", "tunetraildatabases/status"),
            new Right("get", "", "secrets"));
    var missing = List.of(new Right("get", "", "pods/log"));
    assertThat(ClusterVerdicts.operatorRights(missing, "songs").found())
        .isEqualTo("it may not get pods/log in namespace songs");
    assertThat(missing.getFirst().subresource()).isEqualTo("log");
  }

  @Test
  void the_operator_s_word_is_taken_by_its_kind() {
    assertThat(DatabaseExamination.state(Databases.karaoke("", "True", "UpToDate", "at 4")))
        .isEqualTo(Check.ok("state", "UpToDate: at 4"));
    assertThat(level("DatabaseUnreachable")).isEqualTo(Level.WARN);
    assertThat(level("ChecksumChanged")).isEqualTo(Level.FAIL);
    assertThat(level("AwaitingApproval")).isEqualTo(Level.OK);
    assertThat(level("OfTomorrow")).isEqualTo(Level.WARN);
  }

  @Test
  void a_stuck_pod_comes_with_its_remedy() {
    var stuck =
        new ObservedJob(
            "karaoke-migrate-1",
            Task.MIGRATE,
            "sha256:i",
            1,
            null,
            new ObservedJob.Blocked(Reason.IMAGE_PULL_FAILED, "no such image", null));
    var checks = DatabaseExamination.jobs(List.of(stuck));
    assertThat(Check.text(checks, Style.PLAIN))
        .isEqualTo(
            """
            FAIL  jobs  karaoke-migrate-1: ImagePullFailed: no such image
                        Correct the image or its pull secret.
            """);
    assertThat(DatabaseExamination.jobs(List.of()))
        .containsExactly(Check.ok("jobs", "none is stuck"));
  }

  private static Level level(String reason) {
    return DatabaseExamination.state(Databases.karaoke("", "False", reason, "m")).level();
  }
}
