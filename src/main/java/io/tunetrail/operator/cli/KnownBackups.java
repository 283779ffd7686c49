package io.tunetrail.operator.cli;

import io.tunetrail.operator.api.BackupStatus;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.api.TuneTrailRestore;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.migration.Report;
import io.tunetrail.operator.status.ByteSize;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster tells of a database's backups: its status, its Jobs and its restores. Where
 * backups lie there may be more, and older ones may be gone.
 */
final class KnownBackups {
  private final Map<String, KnownBackup> backups = new LinkedHashMap<>();
  private final Set<String> removed = new HashSet<>();

  /**
   * Those of a database, newest first.
   *
   * @param jobs that make and verify them
   * @param restores of the database
   */
  static List<KnownBackup> of(
      Database database, List<ObservedJob> jobs, List<TuneTrailRestore> restores) {
    var known = new KnownBackups();
    var status = database.status();
    if (status != null && status.backup() != null) {
      known.told(status.backup());
    }
    jobs.forEach(known::told);
    if (status != null) {
      known.worked(status);
    }
    restores.forEach(known::told);
    return known.newestFirst();
  }

  private List<KnownBackup> newestFirst() {
    return backups.values().stream()
        .filter(it -> !removed.contains(it.name()))
        .sorted(
            Comparator.comparing(
                KnownBackup::time, Comparator.nullsLast(Comparator.reverseOrder())))
        .toList();
  }

  private void add(KnownBackup backup) {
    backups.merge(backup.name(), backup, KnownBackup::or);
  }

  private void told(BackupStatus status) {
    var success = status.lastSuccessful();
    if (success != null) {
      add(KnownBackup.named(success.name()).of(success.size(), success.migrationVersion()));
    }
    var verified = status.lastVerified();
    if (verified != null) {
      add(KnownBackup.named(verified.name()).verified(true));
    }
    var failure = status.lastVerificationFailure();
    if (failure != null) {
      add(KnownBackup.named(failure.name()).verified(false));
    }
  }

  private void told(ObservedJob job) {
    var report = job.state() instanceof Ended ended ? ended.report() : null;
    if (report != null) {
      told(report);
    }
  }

  private void told(Report report) {
    var backup = report.backup();
    if (backup != null) {
      removed.addAll(backup.removed());
      add(KnownBackup.named(backup.name()).of(ByteSize.format(backup.sizeBytes()), report.to()));
    }
    var verification = report.verification();
    if (verification != null) {
      add(KnownBackup.named(verification.backup()).verified(verification.verified()));
    }
  }

  private void worked(TuneTrailDatabaseStatus status) {
    var works =
        Stream.concat(
            Stream.ofNullable(status.lastMigration()),
            Stream.ofNullable(status.history()).flatMap(List::stream));
    works.forEach(
        work -> {
          if (work.backup() != null) {
            add(
                KnownBackup.named(work.backup())
                    .of(null, work.from())
                    .madeBefore("Job " + work.job()));
          }
        });
  }

  private void told(TuneTrailRestore restore) {
    var safety = restore.getStatus() == null ? null : restore.getStatus().safetyBackup();
    if (safety != null) {
      add(
          KnownBackup.named(safety)
              .madeBefore("TuneTrailRestore " + restore.getMetadata().getName()));
    }
  }

  /** A line each. */
  static String table(List<KnownBackup> backups, Instant now) {
    var table = new TextTable("").row("NAME", "AGE", "SIZE", "VERSION", "VERIFIED", "MADE BEFORE");
    for (var backup : backups) {
      table.row(
          backup.name(),
          age(backup.time(), now),
          backup.size(),
          backup.migrationVersion(),
          backup.verified(),
          backup.before());
    }
    return table.toString();
  }

  /** As in 40s, 12m, 5h or 6d; null where it is not known. */
  static @Nullable String age(@Nullable String time, Instant now) {
    if (time == null) {
      return null;
    }
    var age = Duration.between(Instant.parse(time), now);
    if (age.toMinutes() < 2) {
      return Math.max(0, age.toSeconds()) + "s";
    }
    if (age.toHours() < 2) {
      return age.toMinutes() + "m";
    }
    return age.toDays() < 2 ? age.toHours() + "h" : age.toDays() + "d";
  }
}
