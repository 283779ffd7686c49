package io.tunetrail.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.Verdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionsTest {
  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00.123Z");

  @Test
  void the_time_moves_only_when_the_status_does() {
    var before = conditions(null, NOON, true, "first message");
    var same = conditions(before, NOON.plusSeconds(60), true, "second message");
    assertThat(same.getFirst().lastTransitionTime()).isEqualTo("2026-05-01T12:00:00Z");
    assertThat(same.getFirst().message()).isEqualTo("second message");
    var other = conditions(before, NOON.plusSeconds(60), false, "third message");
    assertThat(other.getFirst().lastTransitionTime()).isEqualTo("2026-05-01T12:01:00Z");
  }

  @Test
  void a_long_message_is_cut_before_its_remedy() {
    var verdict = new Verdict(Reason.MIGRATION_FAILED, "ü".repeat(10_000));
    assertThat(verdict.message()).hasSizeLessThan(700).endsWith(Reason.MIGRATION_FAILED.remedy());
  }

  @Test
  void what_was_not_looked_at_stays_as_it_was() {
    var before = conditions(null, NOON, true, "message");
    assertThat(new Conditions(before, 2, NOON).keep("Ready").keep("Approved").list())
        .isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "999, 1000 bytes",
    "7700000, 7.3 MB",
    "123456789, 120 MB",
    "1099511627776, 1 TB"
  })
  void a_size_has_two_significant_digits(long bytes, String text) {
    assertThat(ByteSize.format(bytes)).isEqualTo(text);
  }

  private static List<Condition> conditions(
      @Nullable List<Condition> before, Instant now, boolean ready, String message) {
    return new Conditions(before, 1, now).set(Conditions.READY, ready, "Reason", message).list();
  }
}
