package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RestoreNamesTest {
  private static final Instant NOW = Instant.parse("2026-05-04T03:02:01Z");
  private final RestoreNames names = new RestoreNames("undo-friday/5a3b");

  @Test
  void each_attempt_of_a_restore_has_the_same_name_and_no_other_has_it() {
    assertThat(names.temporary())
        .matches("tunetrail_restore_[0-9a-f]{16}")
        .isEqualTo(new RestoreNames("undo-friday/5a3b").temporary())
        .isNotEqualTo(new RestoreNames("undo-friday/5a3c").temporary());
  }

  @Test
  void what_was_before_is_called_by_its_name_and_the_time_within_63_bytes() {
    assertThat(RestoreNames.previous("karaoke", NOW)).isEqualTo("karaoke_before_20260504_030201");
    assertThat(RestoreNames.previous("k".repeat(63), NOW))
        .hasSize(63)
        .endsWith("k_before_20260504_030201");
    var letters = RestoreNames.previous("é🎤".repeat(10), NOW);
    assertThat(letters.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(58, 63);
    assertThat(letters).startsWith("é🎤é🎤").endsWith("é_before_20260504_030201");
  }

  @Test
  void a_comment_tells_a_later_attempt_what_was_done() {
    var replaced = names.replaced("karaoke-1", "karaoke-2-safety");

    assertThat(replaced).startsWith(names.replaced());
    assertThat(RestoreNames.backup(replaced)).contains("karaoke-1");
    assertThat(RestoreNames.safetyBackup(replaced)).contains("karaoke-2-safety");
    assertThat(RestoreNames.backup(names.made("karaoke-1"))).contains("karaoke-1");
    assertThat(names.made("karaoke-1")).startsWith(names.made());
    assertThat(names.isOurs(names.making())).isTrue();
    assertThat(names.isOurs(names.swapping())).isTrue();
    assertThat(names.isOurs(replaced)).isFalse();
    assertThat(names.isOurs("my own")).isFalse();
  }
}
