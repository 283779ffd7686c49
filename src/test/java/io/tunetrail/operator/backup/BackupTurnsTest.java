package io.tunetrail.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.tunetrail.operator.lifecycle.JobSlots;
import io.tunetrail.operator.migration.JobLabels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which backup's turn it is, as a table. Job {@code one-3} is resource one's, made at minute 3. */
class BackupTurnsTest {
  private static final JobSlots SLOTS = new JobSlots(3, 2);
  private static final Map<String, String> SERVERS =
      Map.of("one", "x", "two", "x", "three", "x", "four", "y");

  private static Job waiting(String name) {
    var parts = name.split("-", -1);
    return new JobBuilder()
        .withNewMetadata()
        .withName(name)
        .withUid(name)
        .withCreationTimestamp("2026-05-01T00:%02d:00Z".formatted(Integer.parseInt(parts[1])))
        .addToLabels(JobLabels.TASK, "backup")
        .addToLabels(JobLabels.RESOURCE_UID, parts[0])
        .endMetadata()
        .withNewSpec()
        .withSuspend(true)
        .endSpec()
        .build();
  }

  private static Job running(String name) {
    return new JobBuilder(waiting(name)).editSpec().withSuspend(false).endSpec().build();
  }

  private static Job stopped(String name) {
    return new JobBuilder(waiting(name))
        .editMetadata()
        .addToAnnotations(JobLabels.STARTED, "2026-05-01T00:00:00Z")
        .endMetadata()
        .build();
  }

  private static List<String> next(Set<String> starting, Job... jobs) {
    return BackupTurns.next(List.of(jobs), starting, SLOTS, SERVERS::get).stream()
        .map(it -> it.getMetadata().getName())
        .toList();
  }

  @Test
  void fault_56_of_all_backups_at_midnight_so_many_run_at_once_and_the_oldest_first() {
    var jobs = new ArrayList<Job>();
    for (int minute = 9; minute >= 0; minute--) {
      jobs.add(waiting("other%d-%d".formatted(minute, minute)));
    }
    assertThat(next(Set.of(), jobs.toArray(Job[]::new)))
        .containsExactly("other0-0", "other1-1", "other2-2");
  }

  @Test
  void a_server_that_is_full_keeps_nobody_waiting_at_another() {
    assertThat(
            next(
                Set.of(),
                running("one-0"),
                running("two-0"),
                waiting("three-1"),
                waiting("four-2")))
        .containsExactly("four-2");
  }

  @Test
  void one_by_hand_waits_like_any_other() {
    assertThat(next(Set.of(), running("one-0"), waiting("one-1"), waiting("one-2")))
        .containsExactly("one-1");
  }

  @Test
  void one_that_was_just_started_has_its_slot() {
    assertThat(next(Set.of("one-0", "one-1"), waiting("one-0"), waiting("one-1"), waiting("two-2")))
        .isEmpty();
  }

  @Test
  void one_that_somebody_stopped_afterwards_is_left_alone() {
    assertThat(next(Set.of(), stopped("one-0"))).isEmpty();
    assertThat(next(Set.of(), stopped("one-0"), stopped("two-0"), waiting("three-1")))
        .as("and holds no slot")
        .containsExactly("three-1");
  }
}
