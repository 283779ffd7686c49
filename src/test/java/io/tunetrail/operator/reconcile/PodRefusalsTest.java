package io.tunetrail.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodRefusalsTest {
  private static final String JOB = "songs-migrate-1f3a-1";

  @Test
  void fault_12_the_refusal_reads_the_same_at_each_try() {
    var quota = "is forbidden: exceeded quota: small, requested: pods=1, used: pods=0";
    var first = event("Error creating: pods \"songs-migrate-1f3a-1-abcde\" " + quota, "12:00:01");
    var later =
        event(
            "(combined from similar events): Error creating: pods \"songs-migrate-1f3a-1-x9z8w\" "
                + quota,
            "12:00:09");
    assertThat(PodRefusals.words(JOB, List.of(first)))
        .contains(
            "the pod of Job songs-migrate-1f3a-1 is refused: exceeded quota: small, requested:"
                + " pods=1, used: pods=0")
        .isEqualTo(PodRefusals.words(JOB, List.of(later)));
  }

  @Test
  void fault_12_the_last_of_several_refusals_is_told() {
    var events =
        List.of(event("Error creating: the second", "12:00:09"), event("the first", "12:00:01"));
    assertThat(PodRefusals.words(JOB, events).orElseThrow()).endsWith("the second");
  }

  @Test
  void a_pod_that_is_invalid_is_named_by_its_job() {
    var invalid =
        event("Error creating: Pod \"songs-migrate-1f3a-1-abcde\" is invalid: x", "12:00:01");
    assertThat(PodRefusals.words(JOB, List.of(invalid)).orElseThrow())
        .endsWith("refused: Pod \"songs-migrate-1f3a-1\" is invalid: x");
  }

  private static Event event(String message, String time) {
    return new EventBuilder()
        .withMessage(message)
        .withLastTimestamp("2026-05-01T" + time + "Z")
        .build();
  }
}
