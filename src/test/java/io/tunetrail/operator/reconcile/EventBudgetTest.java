package io.tunetrail.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.reconcile.EventBudget.Admission;
import io.tunetrail.operator.status.Announcement;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventBudgetTest {
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
  private static final Announcement AWAY = new Announcement(true, "DatabaseUnreachable", "refused");
  private static final Announcement BACK = new Announcement(false, "UpToDate", "at version 4");

  private final EventBudget budget = new EventBudget();

  private Admission admit(Object before, Announcement announcement, Instant now) {
    return budget.admit("uid", before, announcement, now);
  }

  @Test
  void a_decision_whose_status_could_not_be_written_is_told_once() {
    assertThat(admit("ready", AWAY, NOW)).isEqualTo(Admission.NEWS);
    assertThat(admit("ready", AWAY, NOW)).isEqualTo(Admission.TOLD_BEFORE);
    assertThat(admit("ready", BACK, NOW)).as("another decision").isEqualTo(Admission.NEWS);
  }

  @Test
  void the_same_decision_from_another_status_is_news() {
    admit("ready", AWAY, NOW);
    admit("away", BACK, NOW);
    assertThat(admit("ready", AWAY, NOW)).isEqualTo(Admission.NEWS);
  }

  @Test
  void a_resource_that_changes_its_mind_all_the_time_makes_no_storm() {
    var now = NOW;
    int events = 0;
    for (int second = 0; second < 3600; second++) {
      now = NOW.plusSeconds(second);
      events += admit(second, second % 2 == 0 ? AWAY : BACK, now) == Admission.NEWS ? 1 : 0;
    }
    assertThat(events).isBetween(EventBudget.BURST, EventBudget.BURST + 120);
    assertThat(admit(-1, AWAY, now)).isEqualTo(Admission.TOO_MANY);
    assertThat(budget.admit("another", 0, AWAY, now)).isEqualTo(Admission.NEWS);
    assertThat(admit(-2, AWAY, now.plus(EventBudget.REFILL))).isEqualTo(Admission.NEWS);
  }
}
