package io.tunetrail.operator.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tunetrail.operator.api.LastMigration;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.lifecycle.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The works that a database remembers, as short as a status needs them. */
final class WorkHistoryReport {
  /** Bytes of UTF-8 of a version. */
  private static final int LONGEST_VERSION = 32;

  /** Of who approved or asked: a service account's name has its namespace before it. */
  private static final int LONGEST_NAME = 160;

  /** As much of a digest as tells it from others; tunetrail.history has all of it. */
  private static final int SHORT_DIGEST = "sha256:".length() + 12;

  /** Of a status that people read, the list's own name left out. */
  private static final int MOST_BYTES = 8_000;

  /** The condition BackupHealthy is added later. */
  private static final int BACKUP_CONDITION = 1_000;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private WorkHistoryReport() {}

  /**
   * As many of the works as a status has room for, besides what it says already.
   *
   * @return null where there are none
   */
  static @Nullable List<LastMigration> fitting(
      TuneTrailDatabaseStatus status, List<LastMigration> works) {
    int room = MOST_BYTES - bytes(status) - (status.backup() == null ? 0 : BACKUP_CONDITION);
    var fitting = new ArrayList<LastMigration>();
    for (var work : works) {
      var shown = shown(work);
      room -= bytes(shown) + ",".length();
      if (room < 0) {
        break;
      }
      fitting.add(shown);
    }
    return fitting.isEmpty() ? null : List.copyOf(fitting);
  }

  private static int bytes(Object value) {
    try {
      return JSON.writeValueAsBytes(value).length;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts and numbers is always JSON", e);
    }
  }

  private static LastMigration shown(LastMigration work) {
    return new LastMigration(
        work.job(),
        work.outcome(),
        shortened(work.from(), LONGEST_VERSION),
        shortened(work.to(), LONGEST_VERSION),
        work.started() == null ? null : seconds(work.started()).toString(),
        null,
        null,
        shortened(work.approvedBy(), LONGEST_NAME),
        work.task(),
        work.approvalDigest() == null
            ? null
            : work.approvalDigest()
                .substring(0, Math.min(SHORT_DIGEST, work.approvalDigest().length())),
        duration(work),
        shortened(work.requestedBy(), LONGEST_NAME),
        work.backup());
  }

  private static @Nullable String duration(LastMigration work) {
    return work.started() == null || work.finished() == null
        ? null
        : text(Duration.between(Instant.parse(work.started()), Instant.parse(work.finished())));
  }

  /** As in 1h2m3s; a short one as in 0.2s. */
  private static String text(Duration duration) {
    return duration.toSeconds() < 1
        ? "%.1fs".formatted(Math.max(0, duration.toMillis()) / 1000.0)
        : duration
            .truncatedTo(ChronoUnit.SECONDS)
            .toString()
            .substring("PT".length())
            .toLowerCase(Locale.ROOT);
  }

  private static Instant seconds(String time) {
    return Instant.parse(time).truncatedTo(ChronoUnit.SECONDS);
  }

  private static @Nullable String shortened(@Nullable String text, int bytes) {
    return text == null ? null : Verdict.shortened(text, bytes);
  }
}
