package io.tunetrail.operator.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKubeletTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final EmbeddedApi api = new EmbeddedApi();
  private final KubernetesClient client = api.client("test");
  private final KubernetesClient nodeClient = api.client("local-kubelet");
  private LocalKubelet kubelet;

  @BeforeEach
  void start(@TempDir Path folder) {
    kubelet = new LocalKubelet(nodeClient, folder, ReportingProgram.class.getName());
  }

  @AfterEach
  void close() {
    kubelet.close();
    nodeClient.close();
    client.close();
    api.close();
  }

  @Test
  void a_job_runs_with_its_mounts_and_an_environment_of_its_own() {
    configMap("scripts", Map.of("V1.sql", "SELECT 1"));
    secret("database", Map.of("password", "geheim", "other", "not asked for"));
    client.resource(job("work", "0")).create();

    var terminated = awaitTerminated("work");

    assertThat(terminated.getExitCode()).isZero();
    assertThat(terminated.getMessage())
        .isEqualTo(
            "{secret/password=geheim, sql/0/V1.sql=SELECT 1} [POD, TUNETRAIL_MOUNTS,"
                + " TUNETRAIL_REPORT]");
    await().atMost(LONG).until(() -> condition("work", "Complete").isPresent());
    var status = client.batch().v1().jobs().withName("work").get().getStatus();
    assertThat(status.getSucceeded()).isEqualTo(1);
    assertThat(status.getCompletionTime()).isNotNull();
    var pod = pod("work").orElseThrow();
    assertThat(pod.getStatus().getPhase()).isEqualTo("Succeeded");
    assertThat(kubelet.log(pod.getMetadata().getName()).orElseThrow()).hasContent("seen 2 files");
  }

  @Test
  void the_container_ends_before_its_job_says_so() {
    inputs();
    client.resource(job("work", "0")).create();

    awaitTerminated("work");

    assertThat(condition("work", "Complete")).isEmpty();
    await().atMost(LONG).until(() -> condition("work", "Complete").isPresent());
  }

  @Test
  void a_program_that_fails_fails_its_job() {
    inputs();
    client.resource(job("work", "15")).create();

    assertThat(awaitTerminated("work").getExitCode()).isEqualTo(15);
    assertThat(awaitFailed("work").getReason()).isEqualTo("BackoffLimitExceeded");
    assertThat(pod("work").orElseThrow().getStatus().getPhase()).isEqualTo("Failed");
  }

  @Test
  void a_killed_process_leaves_the_exit_code_of_its_signal() {
    inputs();
    client.resource(job("work", "hang")).create();

    awaitProcess("work").destroyForcibly();

    assertThat(awaitTerminated("work").getExitCode()).isEqualTo(137);
    assertThat(awaitFailed("work").getReason()).isEqualTo("BackoffLimitExceeded");
  }

  @Test
  void a_pod_waits_for_its_config_map_and_starts_when_it_comes() {
    secret("database", Map.of("password", "geheim"));
    client.resource(job("work", "0")).create();

    await().atMost(LONG).until(() -> !client.v1().events().list().getItems().isEmpty());
    var event = client.v1().events().list().getItems().getFirst();
    assertThat(event.getReason()).isEqualTo("FailedMount");
    assertThat(event.getMessage())
        .isEqualTo("MountVolume.SetUp failed for volume \"sql\" : configmap \"scripts\" not found");
    var waiting = pod("work").orElseThrow().getStatus().getContainerStatuses().getFirst();
    assertThat(waiting.getState().getWaiting().getReason()).isEqualTo("ContainerCreating");
    configMap("scripts", Map.of("V1.sql", "SELECT 1"));

    assertThat(awaitTerminated("work").getExitCode()).isZero();
  }

  @Test
  void the_deadline_ends_the_process_and_the_job() {
    inputs();
    var job = new JobBuilder(job("work", "hang")).editSpec().withActiveDeadlineSeconds(2L);
    client.resource(job.endSpec().build()).create();
    var process = awaitProcess("work");

    assertThat(awaitFailed("work").getReason()).isEqualTo("DeadlineExceeded");
    assertThat(process.isAlive()).isFalse();
    assertThat(pod("work")).isEmpty();
  }

  @Test
  void deleting_a_job_ends_its_process_and_takes_its_pod_along() {
    inputs();
    client.resource(job("work", "hang")).create();
    var process = awaitProcess("work");

    client.batch().v1().jobs().withName("work").delete();

    assertThat(pod("work")).isEmpty();
    assertThat(process.onExit()).succeedsWithin(LONG);
  }

  @Test
  void closing_ends_all_processes() {
    inputs();
    client.resource(job("work", "hang")).create();
    var process = awaitProcess("work");

    kubelet.close();

    assertThat(process.onExit()).succeedsWithin(LONG);
  }

  private void inputs() {
    configMap("scripts", Map.of("V1.sql", "SELECT 1"));
    secret("database", Map.of("password", "geheim"));
  }

  private void configMap(String name, Map<String, String> data) {
    var metadata = new ConfigMapBuilder().withNewMetadata().withName(name).endMetadata();
    client.resource(metadata.withData(data).build()).create();
  }

  private void secret(String name, Map<String, String> data) {
    var metadata = new SecretBuilder().withNewMetadata().withName(name).endMetadata();
    client.resource(metadata.withStringData(data).build()).create();
  }

  private Optional<Pod> pod(String job) {
    var pods = client.pods().withLabel("batch.kubernetes.io/job-name", job).list().getItems();
    return pods.stream().findFirst();
  }

  private Process awaitProcess(String job) {
    return await()
        .atMost(LONG)
        .until(
            () -> pod(job).flatMap(pod -> kubelet.process(pod.getMetadata().getName())),
            Optional::isPresent)
        .orElseThrow();
  }

  private ContainerStateTerminated awaitTerminated(String job) {
    return await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> pod(job).flatMap(LocalKubeletTest::terminated), Optional::isPresent)
        .orElseThrow();
  }

  private static Optional<ContainerStateTerminated> terminated(Pod pod) {
    return pod.getStatus().getContainerStatuses().stream()
        .map(status -> status.getState().getTerminated())
        .filter(terminated -> terminated != null)
        .findFirst();
  }

  private JobCondition awaitFailed(String job) {
    return await()
        .atMost(LONG)
        .until(() -> condition(job, "Failed"), Optional::isPresent)
        .orElseThrow();
  }

  private Optional<JobCondition> condition(String job, String type) {
    var status = client.batch().v1().jobs().withName(job).get().getStatus();
    var conditions = status == null ? List.<JobCondition>of() : status.getConditions();
    return conditions.stream().filter(condition -> condition.getType().equals(type)).findFirst();
  }

  private static Job job(String name, String argument) {
    return new JobBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withBackoffLimit(0)
        .withNewTemplate()
        .withNewSpec()
        .withRestartPolicy("Never")
        .addNewContainer()
        .withName("work")
        .withImage("tunetrail/operator")
        .withArgs(argument)
        .addNewEnv()
        .withName("TUNETRAIL_MOUNTS")
        .withValue("/mounts")
        .endEnv()
        .addNewEnv()
        .withName("TUNETRAIL_REPORT")
        .withValue("/dev/termination-log")
        .endEnv()
        .addNewEnv()
        .withName("POD")
        .withNewValueFrom()
        .withNewFieldRef("v1", "metadata.name")
        .endValueFrom()
        .endEnv()
        .addNewVolumeMount()
        .withName("secret")
        .withMountPath("/mounts/secret")
        .endVolumeMount()
        .addNewVolumeMount()
        .withName("sql")
        .withMountPath("/mounts/sql/0")
        .endVolumeMount()
        .addNewVolumeMount()
        .withName("tmp")
        .withMountPath("/tmp")
        .endVolumeMount()
        .endContainer()
        .addNewVolume()
        .withName("secret")
        .withNewProjected()
        .addNewSource()
        .withNewSecret()
        .withName("database")
        .addNewItem("password", null, "password")
        .endSecret()
        .endSource()
        .endProjected()
        .endVolume()
        .addNewVolume()
        .withName("sql")
        .withNewConfigMap()
        .withName("scripts")
        .endConfigMap()
        .endVolume()
        .addNewVolume()
        .withName("tmp")
        .withNewEmptyDir()
        .endEmptyDir()
        .endVolume()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }
}
