package io.tunetrail.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tunetrail.operator.lifecycle.CronSchedule.InvalidSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackupScheduleTest {
  private static final String UID = "5a3b1c2d-0000-4000-8000-000000000001";

  private static BackupSchedule schedule(String cron, String zone) throws InvalidSchedule {
    return BackupSchedule.of(cron, zone, UID);
  }

  @Test
  void fault_56_minute_0_is_one_of_thirty_and_any_other_is_meant() throws InvalidSchedule {
    var spread =
        IntStream.range(0, 1_000)
            .mapToObj(it -> minuteOf(new UUID(7, it).toString()))
            .distinct()
            .sorted()
            .toList();
    assertThat(spread).hasSize(30).startsWith(0).endsWith(29);
    assertThat(minuteOf(UID)).isEqualTo(minuteOf(UID));
    assertThat(schedule("1 3 * * *", "UTC").cron()).isEqualTo("1 3 * * *");
    assertThat(schedule("*/15 * * * *", "UTC").cron()).isEqualTo("*/15 * * * *");
  }

  private static int minuteOf(String uid) {
    try {
      var cron = BackupSchedule.of("0 3 * * *", "UTC", uid).cron();
      assertThat(cron).endsWith(" 3 * * *");
      return Integer.parseInt(cron.substring(0, cron.indexOf(' ')));
    } catch (InvalidSchedule e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest(name = "{0} in {1}")
  @CsvSource({
    "7 3 30 2 *, UTC, never comes",
    "61 3 * * *, UTC, is no schedule",
    "7 3 * * x, UTC, is no schedule",
    "7 3 * * *, Europe/Nowhere, there is no time zone 'Europe/Nowhere'",
  })
  void fault_38_what_never_comes_is_none(String cron, String zone, String why) {
    assertThatThrownBy(() -> schedule(cron, zone)).hasMessageContaining(why);
  }

  @Test
  void fault_38_a_time_that_the_clocks_skip_is_none() throws InvalidSchedule {
    var berlin = schedule("30 2 * * *", "Europe/Berlin");
    assertThat(berlin.next(Instant.parse("2026-03-28T12:00:00Z")))
        .contains(Instant.parse("2026-03-30T00:30:00Z"));
    assertThat(berlin.next(Instant.parse("2026-03-27T12:00:00Z")))
        .contains(Instant.parse("2026-03-28T01:30:00Z"));
  }

  @Test
  void it_is_caught_up_with_until_the_next_one_is_due() throws InvalidSchedule {
    assertThat(schedule("* * * * *", "UTC").deadline()).isEqualTo(Duration.ofMinutes(10));
    assertThat(schedule("5 */2 * * *", "UTC").deadline()).isEqualTo(Duration.ofHours(2));
    assertThat(schedule("5 3 * * *", "UTC").deadline()).isEqualTo(Duration.ofHours(12));
    assertThat(schedule("5 3 29 2 *", "UTC").deadline()).isEqualTo(Duration.ofHours(12));
  }
}
