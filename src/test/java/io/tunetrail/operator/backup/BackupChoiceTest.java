package io.tunetrail.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tunetrail.operator.backup.BackupRetention.Kept;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which backup a restore takes. */
class BackupChoiceTest {
  private static final Kept MONDAY = kept("karaoke-1", "2026-05-04T03:00:00Z", true);
  private static final Kept TUESDAY = kept("karaoke-2", "2026-05-05T03:00:00Z", true);
  private static final Kept WEDNESDAY = kept("karaoke-3", "2026-05-06T03:00:00Z", false);
  private static final Kept SAFETY = kept("karaoke-4-safety", "2026-05-06T04:00:00Z", false);
  private static final List<Kept> ALL = List.of(TUESDAY, SAFETY, WEDNESDAY, MONDAY);

  private static Kept kept(String name, String at, boolean verified) {
    return new Kept(name, Instant.parse(at), verified);
  }

  @Test
  void a_name_takes_the_one_that_is_called_so() {
    assertThat(BackupChoice.named("karaoke-1").of(ALL)).contains(MONDAY);
    assertThat(BackupChoice.named("karaoke-9").of(ALL)).isEmpty();
  }

  @Test
  void latest_takes_the_newest_and_verified_the_newest_that_was_restored_once() {
    assertThat(BackupChoice.latest(false).of(ALL)).contains(WEDNESDAY);
    assertThat(BackupChoice.latest(true).of(ALL)).contains(TUESDAY);
    assertThat(BackupChoice.latest(true).of(List.of(WEDNESDAY))).isEmpty();
  }

  @Test
  void a_moment_takes_the_nearest_at_or_before_it() {
    assertThat(BackupChoice.before(TUESDAY.at()).of(ALL)).contains(TUESDAY);
    assertThat(BackupChoice.before(TUESDAY.at().minusSeconds(1)).of(ALL)).contains(MONDAY);
    assertThat(BackupChoice.before(MONDAY.at().minusSeconds(1)).of(ALL)).isEmpty();
  }

  @Test
  void what_a_restore_put_aside_is_only_taken_by_its_name() {
    assertThat(BackupChoice.before(SAFETY.at()).of(ALL)).contains(WEDNESDAY);
    assertThat(BackupChoice.named(SAFETY.name()).of(ALL)).contains(SAFETY);
  }

  @Test
  void where_none_fits_the_newest_that_are_there_are_named() {
    assertThat(BackupChoice.named("karaoke-9").refusal(ALL, "claim/karaoke"))
        .isEqualTo(
            "claim/karaoke has no backup called karaoke-9; it has karaoke-4-safety, karaoke-3,"
                + " karaoke-2 (verified), karaoke-1 (verified)");
    assertThat(BackupChoice.latest(true).refusal(List.of(), "claim/karaoke"))
        .isEqualTo("claim/karaoke has no backup that was verified; it has none at all");
    var many = new ArrayList<Kept>();
    for (int day = 1; day <= 28; day++) {
      many.add(kept("karaoke-%02d".formatted(day), "2026-02-%02dT03:00:00Z".formatted(day), false));
    }
    assertThat(BackupChoice.before(Instant.parse("2026-01-01T00:00:00Z")).refusal(many, "c/k"))
        .contains("2026-01-01T00:00:00Z or an earlier moment")
        .contains("karaoke-28, karaoke-27")
        .endsWith("karaoke-19 and 18 older");
  }

  @Test
  void an_order_says_the_same_after_its_way_through_the_pods_variable() {
    var order =
        new RestoreOrder(
            "karaoke",
            "undo-friday/5a3b",
            new StoreOrder("claim/karaoke", "/backup/karaoke"),
            BackupChoice.before(MONDAY.at()),
            null);

    assertThat(RestoreOrder.read(order.toJson())).isEqualTo(order);
    assertThatThrownBy(() -> RestoreOrder.read("{\"choice\": {\"before\": \"yesterday\"}}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(RestoreOrder.VARIABLE);
    assertThatThrownBy(() -> new BackupChoice(null, false, "yesterday"))
        .isInstanceOf(DateTimeParseException.class);
  }
}
