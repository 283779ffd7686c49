package io.tunetrail.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.JobSlots.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who may start a Job, as a table. */
class JobSlotsTest {
  private final JobSlots slots = new JobSlots(4, 2);

  @Test
  void who_waits_longest_starts_first() {
    assertThat(slots.admitted(on("x", 3), List.of(claim("b", "y"), claim("a", "z"))))
        .containsExactly("b");
  }

  @Test
  void nobody_waits_for_those_whose_server_is_full() {
    var waiting = List.of(claim("a", "x"), claim("b", "x"), claim("c", "y"));
    assertThat(slots.admitted(on("x", 2), waiting)).containsExactly("c");
  }

  @Test
  void one_server_gets_no_more_than_its_part() {
    var waiting = List.of(claim("a", "x"), claim("b", "x"), claim("c", "x"), claim("d", "y"));
    assertThat(slots.admitted(List.of(), waiting)).containsExactlyInAnyOrder("a", "b", "d");
  }

  @Test
  void a_job_that_touches_no_database_counts_for_no_server() {
    var waiting = List.of(claim("a", null), claim("b", null), claim("c", null), claim("d", "x"));
    assertThat(slots.admitted(on("x", 1), waiting)).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void who_waits_is_told_what_for() {
    assertThat(
            slots.objection(claim("b", "x"), on("x", 1), List.of(claim("a", "x"), claim("b", "x"))))
        .as("who comes before counts as well")
        .map(Verdict::detail)
        .hasValueSatisfying(it -> assertThat(it).contains("this database server"));
    var claim = claim("a", "x");
    assertThat(slots.objection(claim, on("x", 2), List.of(claim)))
        .contains(
            new Verdict(
                Reason.WAITING_FOR_SLOT,
                "2 Jobs work on this database server, as many as may at once"));
    assertThat(slots.objection(claim, on("y", 4), List.of(claim)))
        .contains(new Verdict(Reason.WAITING_FOR_SLOT, "4 Jobs run, as many as may at once"));
    assertThat(slots.objection(claim, on("y", 3), List.of(claim))).isEmpty();
  }

  @Test
  void fault_55_a_thousand_that_wait_are_served_in_their_order() {
    var waiting =
        new ArrayList<>(
            IntStream.range(0, 1000).mapToObj(i -> claim("r" + i, "s" + i % 7)).toList());
    var running = new ArrayList<Claim>();
    for (int step = 0; !waiting.isEmpty(); step++) {
      var admitted = slots.admitted(running, waiting);
      assertThat(admitted).as("nobody starts for ever").isNotEmpty();
      assertThat(admitted).as("the first is among them").contains(waiting.getFirst().uid());
      running.addAll(waiting.stream().filter(it -> admitted.contains(it.uid())).toList());
      waiting.removeIf(it -> admitted.contains(it.uid()));
      assertThat(running).hasSizeLessThanOrEqualTo(4);
      running.remove(step % running.size());
      running.removeIf(
          it ->
              !waiting.isEmpty()
                  && it.server() != null
                  && it.server().equals(waiting.getFirst().server()));
    }
  }

  @Test
  void fewer_than_one_job_at_once_is_refused() {
    assertThatThrownBy(() -> new JobSlots(0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new JobSlots(1, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  private static List<Claim> on(String server, int running) {
    return IntStream.range(0, running).mapToObj(i -> claim("running-" + i, server)).toList();
  }

  private static Claim claim(String uid, @Nullable String server) {
    return new Claim(uid, server);
  }
}
