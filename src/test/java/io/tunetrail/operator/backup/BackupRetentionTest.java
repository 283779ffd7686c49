package io.tunetrail.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.backup.BackupRetention.Kept;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackupRetentionTest {
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  private static Kept aged(int days) {
    return new Kept("d" + days, NOW.minus(Duration.ofDays(days)), false);
  }

  private static Kept verified(int days) {
    return new Kept("d" + days, NOW.minus(Duration.ofDays(days)), true);
  }

  private static List<String> removed(int days, int minimum, Stream<Kept> backups) {
    return new BackupRetention(days, minimum)
        .superfluous(backups.toList(), NOW).stream().map(Kept::name).toList();
  }

  @Test
  void older_ones_than_days_go_oldest_first() {
    assertThat(removed(7, 3, IntStream.range(0, 11).mapToObj(BackupRetentionTest::aged)))
        .containsExactly("d10", "d9", "d8");
  }

  @Test
  void the_newest_stay_however_old_they_are() {
    assertThat(removed(7, 3, Stream.of(aged(90), aged(30), aged(60), aged(120))))
        .containsExactly("d120");
    assertThat(removed(1, 1, Stream.of(aged(90)))).isEmpty();
  }

  @Test
  void fault_36_the_last_one_that_was_restored_stays_and_earlier_ones_of_these_go() {
    assertThat(removed(7, 1, Stream.of(aged(0), aged(20), verified(30), aged(40), verified(50))))
        .containsExactly("d50", "d40", "d20");
  }
}
