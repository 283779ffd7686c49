package io.tunetrail.operator.cli;

import io.tunetrail.operator.cli.Database.PastMigration;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What was done to a database, as a table. */
final class History {
  private History() {}

  static String table(List<PastMigration> works, String margin) {
    var table =
        new TextTable(margin).row("WHEN", "FROM", "TO", "OUTCOME", "TOOK", "APPROVED BY", "JOB");
    for (var work : works) {
      table.row(
          work.started() == null ? work.finished() : work.started(),
          work.from(),
          work.to(),
          work.outcome(),
          took(work),
          work.approvedBy(),
          work.job());
    }
    return table.toString();
  }

  /** As in 2.5 s or 3 m 20 s; null where it is not known. */
  private static @Nullable String took(PastMigration work) {
    if (work.duration() != null) {
      return work.duration();
    }
    try {
      return work.started() == null || work.finished() == null
          ? null
          : words(Duration.between(Instant.parse(work.started()), Instant.parse(work.finished())));
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static String words(Duration duration) {
    if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
    return duration.compareTo(Duration.ofHours(1)) < 0
        ? "%d m %d s".formatted(duration.toMinutes(), duration.toSecondsPart())
        : "%d h %d m".formatted(duration.toHours(), duration.toMinutesPart());
  }

  /** As in 2 → 4. */
  static String way(@Nullable String from, @Nullable String to) {
    return "%s → %s"
        .formatted(
            Objects.requireNonNullElse(from, "none"), Objects.requireNonNullElse(to, "none"));
  }
}
