package io.tunetrail.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.ObservedJob.Blocked;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.ObservedJob.Running;
import io.tunetrail.operator.lifecycle.ObservedJob.State;
import io.tunetrail.operator.migration.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JobHistoryTest {

  @Test
  void fault_29_a_job_that_never_starts_makes_way_for_a_corrected_spec() {
    assertThat(JobHistory.superseded(List.of(job(blocked(1L))), 2)).containsExactly("a-job");
  }

  @Test
  void it_stays_while_the_spec_is_the_one_that_it_was_made_for() {
    assertThat(JobHistory.superseded(List.of(job(blocked(2L)), job(blocked(null))), 2)).isEmpty();
  }

  @Test
  void a_job_that_runs_is_never_ended_for_a_newer_spec() {
    var ended = new Ended(Outcome.DONE, Case.NOW, null, null);
    assertThat(JobHistory.superseded(List.of(job(new Running()), job(ended)), 2)).isEmpty();
  }

  private static Blocked blocked(@Nullable Long generation) {
    return new Blocked(Reason.IMAGE_PULL_FAILED, "the node can't pull it", generation);
  }

  private static ObservedJob job(State state) {
    return new ObservedJob("a-job", Task.MIGRATE, "sha256:inputs", 1, null, state);
  }
}
