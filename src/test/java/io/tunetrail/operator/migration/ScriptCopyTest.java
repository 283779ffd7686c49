package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.ObservedJob.Blocked;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.ObservedJob.Running;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a Job ends whose scripts did not come out of their image. */
class ScriptCopyTest {
  private static final String TIME = "2026-05-01T12:00:00Z";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "128 | OCI runtime create failed: exec: \"cp\": executable file not found in $PATH: unknown"
            + " | SOURCE_IMAGE_NOT_COPYABLE",
        "127 | executable file `cp` not found in $PATH: No such file or directory"
            + " | SOURCE_IMAGE_NOT_COPYABLE",
        "1   | cp: cannot stat '/flyway/sql/.': No such file or directory | INVALID_INPUT",
        "1   | cp: can't stat '/flyway/sql/.': No such file or directory  | INVALID_INPUT",
        "1   | cp: can't open '/flyway/sql/./V1__a.sql': Permission denied | IMAGE_USER_UNFIT",
        "128 | unable to start container process: exec: \"cp\": permission denied"
            + " | IMAGE_USER_UNFIT",
        "1   | cp: write error: No space left on device | PROGRAM_FAILED",
        "137 | | LOST"
      })
  void what_kept_them_is_told_apart(int exitCode, @Nullable String words, Outcome outcome) {
    assertThat(state(ended(exitCode, words)))
        .isInstanceOfSatisfying(
            Ended.class, it -> assertThat(it.outcome()).as(it.detail()).isEqualTo(outcome));
  }

  @Test
  void the_folder_the_image_and_the_words_of_cp_are_named() {
    var words = "cp: cannot stat '/flyway/sql/.': No such file or directory\n";
    assertThat(state(ended(1, words)))
        .isInstanceOfSatisfying(
            Ended.class,
            it ->
                assertThat(it.detail())
                    .isEqualTo(
                        "the scripts in /flyway/sql of sql:1 can't be copied: " + words.strip()));
  }

  @Test
  void an_image_without_cp_is_told_with_what_to_do() {
    var words = "exec: \"cp\": executable file not found in $PATH: unknown";
    assertThat(state(ended(128, words)))
        .isInstanceOfSatisfying(
            Ended.class,
            it ->
                assertThat(it.detail())
                    .isEqualTo("sql:1 has no cp, by which its scripts would be copied"));
    assertThat(Reason.SOURCE_IMAGE_NOT_COPYABLE.remedy()).contains("schema.flyway.imageVolume");
  }

  @Test
  void an_image_without_cp_is_told_also_where_the_container_is_never_made() {
    var waiting = new ContainerStateBuilder().withNewWaiting();
    waiting
        .withReason("CreateContainerError")
        .withMessage("executable file `cp` not found in $PATH");
    assertThat(state(pod(waiting.endWaiting())))
        .isInstanceOfSatisfying(
            Blocked.class,
            it -> assertThat(it.reason()).isEqualTo(Reason.SOURCE_IMAGE_NOT_COPYABLE));
  }

  @Test
  void fault_29_an_image_of_scripts_that_can_not_be_pulled_is_named() {
    var waiting = new ContainerStateBuilder().withNewWaiting().withReason("ErrImagePull");
    assertThat(state(pod(waiting.endWaiting())))
        .isEqualTo(new Blocked(Reason.IMAGE_PULL_FAILED, "the node can't pull sql:1", null));
  }

  @Test
  void scripts_that_were_copied_say_nothing_of_the_work() {
    assertThat(state(ended(0, null))).isInstanceOf(Running.class);
  }

  private static Pod ended(int exitCode, @Nullable String words) {
    return pod(
        new ContainerStateBuilder()
            .withNewTerminated()
            .withExitCode(exitCode)
            .withReason("Error")
            .withMessage(words)
            .withFinishedAt(TIME)
            .endTerminated(),
        "localhost/the-same-image:latest");
  }

  private static Pod pod(ContainerStateBuilder scripts) {
    return pod(scripts, "sql:1");
  }

  /** By a name that the node knows the image by. */
  private static Pod pod(ContainerStateBuilder scripts, String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("radio-inspect-1-abcde")
        .withOwnerReferences(new OwnerReferenceBuilder().withUid("uid-job").build())
        .endMetadata()
        .withNewSpec()
        .addNewInitContainer()
        .withName("scripts")
        .withImage("sql:1")
        .withCommand("cp", "-RL", "/flyway/sql/.", "/etc/tunetrail/image")
        .endInitContainer()
        .endSpec()
        .withNewStatus()
        .addNewInitContainerStatus()
        .withName("scripts")
        .withImage(name)
        .withState(scripts.build())
        .endInitContainerStatus()
        .addNewContainerStatus()
        .withName("work")
        .withImage("operator:1")
        .withNewState()
        .withNewWaiting()
        .withReason("PodInitializing")
        .endWaiting()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }

  private static ObservedJob.State state(Pod pod) {
    var job =
        new JobBuilder()
            .withNewMetadata()
            .withName("radio-inspect-1")
            .withUid("uid-job")
            .withOwnerReferences(new OwnerReferenceBuilder().withUid("uid-1").build())
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .build();
    return ObservedJobs.of("uid-1", List.of(job), List.of(pod)).getFirst().state();
  }
}
