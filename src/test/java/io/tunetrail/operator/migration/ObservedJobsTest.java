package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.ObservedJob.Blocked;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.ObservedJob.Running;
import io.tunetrail.operator.lifecycle.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObservedJobsTest {
  private static final String OWNER = "uid-of-the-resource";
  private static final String TIME = "2026-05-01T12:00:00Z";

  @Test
  void a_job_without_a_pod_runs() {
    assertThat(state(job())).isInstanceOf(Running.class);
  }

  @Test
  void it_has_ended_when_its_container_has_whatever_its_condition_says() {
    var report = new Report(Outcome.SQL_FAILED, "1", "1", 0, "V2__users.sql line 3", TIME, TIME);
    assertThat(state(job(), terminated(15, report.toJson())))
        .isInstanceOfSatisfying(
            Ended.class,
            ended -> {
              assertThat(ended.outcome()).isEqualTo(Outcome.SQL_FAILED);
              assertThat(ended.detail()).isEqualTo("V2__users.sql line 3");
            });
  }

  @Test
  void a_killed_container_left_no_report_and_is_lost() {
    assertThat(state(job(), terminated(137, null)))
        .isInstanceOfSatisfying(
            Ended.class, ended -> assertThat(ended.outcome()).isEqualTo(Outcome.LOST));
  }

  @Test
  void an_exit_code_alone_still_names_the_category() {
    assertThat(state(job(), terminated(12, "not a report")))
        .isInstanceOfSatisfying(
            Ended.class, ended -> assertThat(ended.outcome()).isEqualTo(Outcome.UNREACHABLE));
  }

  @Test
  void a_second_pod_that_still_works_keeps_the_job_running() {
    var working = pod(new ContainerStateBuilder().withNewRunning().endRunning());
    assertThat(state(job(), terminated(0, null), working)).isInstanceOf(Running.class);
  }

  @Test
  void fault_33_a_finished_job_whose_pod_is_gone_is_lost() {
    assertThat(state(job("Complete", "CompletionsReached")))
        .isInstanceOfSatisfying(
            Ended.class, ended -> assertThat(ended.outcome()).isEqualTo(Outcome.LOST));
  }

  @Test
  void the_deadline_is_named() {
    assertThat(state(job("Failed", "DeadlineExceeded")))
        .isInstanceOfSatisfying(
            Ended.class, ended -> assertThat(ended.outcome()).isEqualTo(Outcome.DEADLINE_EXCEEDED));
  }

  @Test
  void fault_29_a_missing_image_is_a_named_reason_that_does_not_alternate() {
    var first = state(job(), waiting("ErrImagePull"));
    assertThat(first)
        .isInstanceOfSatisfying(
            Blocked.class, it -> assertThat(it.reason()).isEqualTo(Reason.IMAGE_PULL_FAILED));
    assertThat(state(job(), waiting("ImagePullBackOff"))).isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "registry.example.org/sql:2 | failed to pull and unpack image"
            + " \"registry.example.org/sql:2\": not found",
        "registry.example.org/sql:2 | Back-off pulling image \"registry.example.org/sql:2\":"
            + " ErrImagePull: not found",
        "registry.example.org/sql:2@sha256:00 | failed to pull and unpack image"
            + " \"registry.example.org/sql@sha256:00\": not found",
        "sql:2 | failed to pull and unpack image \"docker.io/library/sql:2\": not found",
        "sql:2 | Back-off pulling image \"sql:2\": ErrImagePull: not found"
      })
  void fault_29_an_image_that_the_node_mounts_is_named_too(String mounted, String words) {
    assertThat(state(job(), mounting(mounted, words)))
        .isEqualTo(new Blocked(Reason.IMAGE_PULL_FAILED, "the node can't pull " + mounted, 7L));
  }

  @Test
  void fault_29_an_image_that_runs_is_named_though_another_is_mounted() {
    var words = "failed to pull and unpack image \"docker.io/library/operator:1\": not found";
    assertThat(state(job(), mounting("registry.example.org/sql:2", words)))
        .isEqualTo(new Blocked(Reason.IMAGE_PULL_FAILED, "the node can't pull operator:1", 7L));
  }

  private static Pod mounting(String image, String words) {
    return new PodBuilder(waiting("ImagePullBackOff"))
        .withNewSpec()
        .addNewVolume()
        .withName("scripts")
        .withNewImage()
        .withReference(image)
        .endImage()
        .endVolume()
        .endSpec()
        .editStatus()
        .editFirstContainerStatus()
        .editState()
        .editWaiting()
        .withMessage(words)
        .endWaiting()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }

  @Test
  void fault_29_the_image_that_can_not_be_pulled_is_the_one_that_is_named() {
    var guard =
        new PodBuilder(pod(new ContainerStateBuilder()))
            .editStatus()
            .addNewInitContainerStatus()
            .withName("guard")
            .withImage("guard:1")
            .withNewState()
            .withNewWaiting()
            .withReason("ErrImagePull")
            .endWaiting()
            .endState()
            .endInitContainerStatus()
            .endStatus()
            .build();
    assertThat(state(job(), guard))
        .isEqualTo(new Blocked(Reason.IMAGE_PULL_FAILED, "the node can't pull guard:1", 7L));
    assertThat(state(job(), waiting("InvalidImageName")))
        .isEqualTo(new Blocked(Reason.IMAGE_PULL_FAILED, "the node can't pull operator:1", 7L));
  }

  @Test
  void fault_29_a_container_that_crashes_over_and_over_is_told_by_how_it_ended() {
    var crashing = new PodBuilder(waiting("CrashLoopBackOff"));
    crashing
        .editStatus()
        .editFirstContainerStatus()
        .withNewLastState()
        .withNewTerminated()
        .withExitCode(3)
        .withReason("Error")
        .endTerminated()
        .endLastState()
        .endContainerStatus()
        .endStatus();
    assertThat(state(job(), crashing.build()))
        .isEqualTo(
            new Blocked(
                Reason.POD_NOT_STARTED, "container work: it ended with exit code 3 (Error)", 7L));
  }

  @Test
  void an_image_that_would_run_as_root_is_told_with_the_field_that_mends_it() {
    var refused =
        new ContainerStateBuilder()
            .withNewWaiting()
            .withReason("CreateContainerConfigError")
            .withMessage("container's runAsUser breaks non-root policy (pod: \"x\")")
            .endWaiting();
    assertThat(state(job(), pod(refused)))
        .isInstanceOfSatisfying(
            Blocked.class, it -> assertThat(it.reason()).isEqualTo(Reason.IMAGE_USER_UNFIT));
    assertThat(Reason.IMAGE_USER_UNFIT.remedy()).contains("jobTemplate.securityContext.runAsUser");
  }

  @Test
  void a_program_that_its_user_may_not_execute_is_no_failure_of_the_program() {
    var never =
        new ContainerStateBuilder()
            .withNewTerminated()
            .withExitCode(128)
            .withFinishedAt(TIME)
            .withReason("StartError")
            .withMessage("exec: \"/srv/python\": stat /srv/python: permission denied: unknown")
            .endTerminated();
    assertThat(state(job(), pod(never)))
        .isInstanceOfSatisfying(
            Ended.class, it -> assertThat(it.outcome()).isEqualTo(Outcome.IMAGE_USER_UNFIT));
  }

  @Test
  void fault_12_a_job_whose_pod_is_refused_does_not_run() {
    var refusal = new Verdict(Reason.POD_REFUSED, "exceeded quota: small");
    var refusals = Map.of("uid-of-the-job", refusal);
    assertThat(ObservedJobs.of(OWNER, List.of(job()), List.of(), refusals).getFirst().state())
        .isEqualTo(new Blocked(Reason.POD_REFUSED, "exceeded quota: small", 7L));
    var pod = pod(new ContainerStateBuilder());
    assertThat(ObservedJobs.of(OWNER, List.of(job()), List.of(pod), refusals).getFirst().state())
        .isInstanceOf(Running.class);
  }

  @Test
  void fault_12_only_a_job_that_has_no_pod_for_a_while_is_asked_about() {
    var created = Instant.parse(TIME);
    assertThat(ObservedJobs.withoutPod(OWNER, List.of(job()), List.of(), created.plusSeconds(1)))
        .hasSize(1);
    assertThat(ObservedJobs.withoutPod(OWNER, List.of(job()), List.of(), created)).isEmpty();
    var pod = pod(new ContainerStateBuilder());
    assertThat(ObservedJobs.withoutPod(OWNER, List.of(job()), List.of(pod), created.plusSeconds(1)))
        .isEmpty();
    assertThat(
            ObservedJobs.withoutPod(
                OWNER,
                List.of(job("Failed", "BackoffLimitExceeded")),
                List.of(),
                created.plusSeconds(1)))
        .isEmpty();
  }

  @Test
  void fault_11_a_job_that_somebody_suspended_does_not_run() {
    var suspended = new JobBuilder(job()).editSpec().withSuspend(true).endSpec().build();
    assertThat(state(suspended))
        .isEqualTo(new Blocked(Reason.JOB_SUSPENDED, "Job karaoke-migrate-1 is suspended", 7L));
  }

  @Test
  void a_pod_that_no_node_takes_does_not_run() {
    var unscheduled =
        new PodBuilder(pod(new ContainerStateBuilder()))
            .editStatus()
            .addNewCondition()
            .withType("PodScheduled")
            .withStatus("False")
            .withReason("Unschedulable")
            .withMessage("0/1 nodes are available: 1 Insufficient memory.")
            .endCondition()
            .endStatus()
            .build();
    assertThat(state(job(), unscheduled))
        .isInstanceOfSatisfying(
            Blocked.class, it -> assertThat(it.reason()).isEqualTo(Reason.POD_UNSCHEDULABLE));
  }

  @Test
  void fault_10_a_job_of_an_earlier_resource_with_the_same_name_is_not_ours() {
    assertThat(ObservedJobs.of("another uid", List.of(job()), List.of())).isEmpty();
  }

  @Test
  void a_pod_on_its_way_tells_nothing_until_it_has_ended_or_can_not_start() {
    var created = new PodBuilder().withNewMetadata().endMetadata().build();
    var starting = waiting("ContainerCreating");
    var working = pod(new ContainerStateBuilder().withNewRunning().endRunning());
    assertThat(ObservedJobs.saysMore(null, created)).isFalse();
    assertThat(ObservedJobs.saysMore(created, starting)).isFalse();
    assertThat(ObservedJobs.saysMore(starting, working)).isFalse();
    assertThat(ObservedJobs.saysMore(starting, waiting("ErrImagePull"))).isTrue();
    assertThat(ObservedJobs.saysMore(waiting("ErrImagePull"), starting)).isTrue();
    assertThat(ObservedJobs.saysMore(null, waiting("ErrImagePull"))).isTrue();
    assertThat(ObservedJobs.saysMore(working, terminated(0, null))).isTrue();
    assertThat(ObservedJobs.saysMore(null, terminated(0, null))).isTrue();
    assertThat(ObservedJobs.saysMore(terminated(0, null), terminated(0, null))).isFalse();
  }

  @Test
  void a_job_on_its_way_tells_nothing_until_it_has_ended_or_is_suspended() {
    var counted = new JobBuilder(job()).withNewStatus().withActive(1).endStatus().build();
    var suspended = new JobBuilder(job()).editSpec().withSuspend(true).endSpec().build();
    assertThat(ObservedJobs.saysMore(null, job())).isFalse();
    assertThat(ObservedJobs.saysMore(job(), counted)).isFalse();
    assertThat(ObservedJobs.saysMore(counted, job("Complete", "CompletionsReached"))).isTrue();
    assertThat(ObservedJobs.saysMore(counted, job("Failed", "DeadlineExceeded"))).isTrue();
    assertThat(ObservedJobs.saysMore(null, job("Failed", "DeadlineExceeded"))).isTrue();
    assertThat(ObservedJobs.saysMore(null, suspended)).isTrue();
    assertThat(ObservedJobs.saysMore(suspended, job())).isTrue();
  }

  private static ObservedJob.State state(Job job, Pod... pods) {
    return ObservedJobs.of(OWNER, List.of(job), List.of(pods)).getFirst().state();
  }

  private static Job job() {
    return new JobBuilder()
        .withNewMetadata()
        .withName("karaoke-migrate-1")
        .withUid("uid-of-the-job")
        .withCreationTimestamp(TIME)
        .withOwnerReferences(new OwnerReferenceBuilder().withUid(OWNER).build())
        .addToLabels(JobLabels.ATTEMPT, "1")
        .addToAnnotations(JobLabels.INPUTS, "sha256:inputs")
        .addToAnnotations(JobLabels.GENERATION, "7")
        .endMetadata()
        .withNewSpec()
        .withNewTemplate()
        .withNewSpec()
        .addNewContainer()
        .withName(MigrationJob.CONTAINER)
        .withImage("operator:1")
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private static Job job(String condition, String reason) {
    return new JobBuilder(job())
        .withNewStatus()
        .addNewCondition()
        .withType(condition)
        .withStatus("True")
        .withReason(reason)
        .withLastTransitionTime(TIME)
        .endCondition()
        .endStatus()
        .build();
  }

  private static Pod terminated(int exitCode, @Nullable String message) {
    return pod(
        new ContainerStateBuilder()
            .withNewTerminated()
            .withExitCode(exitCode)
            .withFinishedAt(TIME)
            .withMessage(message)
            .endTerminated());
  }

  private static Pod waiting(String reason) {
    return pod(new ContainerStateBuilder().withNewWaiting().withReason(reason).endWaiting());
  }

  private static Pod pod(ContainerStateBuilder state) {
    return new PodBuilder()
        .withNewMetadata()
        .withOwnerReferences(new OwnerReferenceBuilder().withUid("uid-of-the-job").build())
        .endMetadata()
        .withNewStatus()
        .addNewContainerStatus()
        .withName(MigrationJob.CONTAINER)
        .withImage("operator:1")
        .withState(state.build())
        .endContainerStatus()
        .endStatus()
        .build();
  }
}
