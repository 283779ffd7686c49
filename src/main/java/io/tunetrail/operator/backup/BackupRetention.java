package io.tunetrail.operator.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Which backups are kept: those that either of the two wants, and the last one that was verified.
 *
 * @param days those not older than so many days
 * @param minimum the newest so many
 */
public record BackupRetention(int days, int minimum) {
  static final int DAYS = 7;
  static final int MINIMUM = 3;

  /**
   * A backup that is there.
   *
   * @param at the moment that it shows
   * @param verified whether it was restored once
   */
  public record Kept(String name, Instant at, boolean verified) {}

  /** Those that may go, oldest first. */
  public List<Kept> superfluous(List<Kept> backups, Instant now) {
    var newestFirst = backups.stream().sorted(Comparator.comparing(Kept::at).reversed()).toList();
    var lastVerified = newestFirst.stream().filter(Kept::verified).findFirst();
    var oldest = now.minus(Duration.ofDays(days));
    return newestFirst.stream()
        .skip(minimum)
        .filter(it -> it.at().isBefore(oldest))
        .filter(it -> !lastVerified.filter(it::equals).isPresent())
        .sorted(Comparator.comparing(Kept::at))
        .toList();
  }
}
