package io.tunetrail.operator.lifecycle;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.ApprovalSpec;
import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.WindowSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All at noon UTC of Friday, 1 May 2026. */
class TimingTest {

  @Test
  void an_approval_is_waited_for_until_it_holds() {
    var plan = approved("2026-05-01T12:00:10Z", null).plan();
    assertWaits(plan, Reason.WAITING_FOR_WINDOW, "holds from 2026-05-01T12:00:10Z on");
    assertThat(plan.lookAgain()).isEqualTo(Duration.ofSeconds(10));
    assertStarts(approved("2026-05-01T14:00:00+02:00", null));
  }

  @Test
  void an_approval_that_was_not_begun_in_time_is_none_any_more() {
    assertWaits(
        approved(null, "2026-05-01T12:00:00Z").plan(),
        Reason.APPROVAL_EXPIRED,
        "held until 2026-05-01T12:00:00Z");
    assertStarts(approved(null, "2026-05-01T12:00:01Z"));
  }

  @Test
  void in_staging_an_approval_bounds_nothing() {
    var given = approved("2027-01-01T00:00:00Z", null);
    given.environment = Environment.STAGING;
    assertStarts(given);
  }

  @ParameterizedTest(name = "{0} for {1} in {2}: opens {3}")
  @CsvSource({
    "0 12 * * *, 1h, UTC,",
    "0 11 * * *, 1h, UTC, 2026-05-02T11:00Z",
    "0 11 * * *, 61m, UTC,",
    "0 2 * * 0, 4h, UTC, 2026-05-03T02:00Z",
    "0 14 * * 5, 30m, Europe/Berlin,",
    "0 2 * * 1-5, 2h, America/New_York, 2026-05-04T02:00-04:00[America/New_York]",
  })
  void a_migration_starts_in_a_window(
      String schedule, String length, String zone, @Nullable String opens) {
    var given = new Case();
    given.windows = List.of(new WindowSpec(schedule, length, zone));
    if (opens == null) {
      assertStarts(given);
    } else {
      assertWaits(given.plan(), Reason.WAITING_FOR_WINDOW, "window opens at " + opens);
    }
  }

  @Test
  void of_several_windows_any_will_do_and_the_next_is_named() {
    var given = new Case();
    given.windows = List.of(window("0 3 * * *"), window("0 13 * * *"));
    assertWaits(given.plan(), Reason.WAITING_FOR_WINDOW, "opens at 2026-05-01T13:00Z");
    given.windows = List.of(window("0 3 * * *"), window("0 12 * * *"));
    assertStarts(given);
  }

  @Test
  void production_needs_both_its_approval_and_a_window() {
    var given = new Case().production();
    given.windows = List.of(window("0 12 * * *"));
    assertWaits(given.plan(), Reason.AWAITING_APPROVAL, "would run");
    given.approve("3").windows = List.of(window("0 13 * * *"));
    assertWaits(given.plan(), Reason.WAITING_FOR_WINDOW, "opens");
  }

  @ParameterizedTest(name = "{0} in {1}: {2}")
  @CsvSource({
    "0 0 30 2 *, UTC, never comes",
    "61 0 * * *, UTC, is no schedule: ",
    "0 0 * * *, Mars/Olympus, there is no time zone",
  })
  void fault_38_a_window_that_is_none_is_named(String schedule, String zone, String words) {
    var given = new Case();
    given.windows = List.of(new WindowSpec(schedule, "1h", zone));
    assertWaits(given.plan(), Reason.INVALID_WINDOW, words);
  }

  @Test
  void a_window_in_the_hour_that_summer_time_skips_opens_when_the_clock_goes_on() {
    var given = new WindowSpec("30 2 29 3 *", "1h", "Europe/Berlin");
    var before = Instant.parse("2026-03-28T12:00:00Z");
    assertThat(window(given).opening(before)).isPresent();
  }

  private static MaintenanceWindow window(WindowSpec spec) {
    try {
      return MaintenanceWindow.of(spec);
    } catch (CronSchedule.InvalidSchedule e) {
      throw new AssertionError(e);
    }
  }

  private static WindowSpec window(String schedule) {
    return new WindowSpec(schedule, "30m", null);
  }

  private static Case approved(@Nullable String notBefore, @Nullable String notAfter) {
    var given = new Case().production();
    given.approval = new ApprovalSpec("3", null, null, "ada", null, null, notBefore, notAfter);
    return given;
  }

  private static void assertWaits(Plan plan, Reason reason, String words) {
    assertThat(plan.start()).isNull();
    var verdict = requireNonNull(plan.verdict());
    assertThat(verdict.reason()).isEqualTo(reason);
    assertThat(verdict.message()).contains(words);
  }

  private static void assertStarts(Case given) {
    assertThat(given.plan().start()).isNotNull();
  }
}
