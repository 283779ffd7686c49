package io.tunetrail.operator.backup;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.tunetrail.operator.api.BackupRetentionSpec;
import io.tunetrail.operator.api.BackupSpec;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.lifecycle.CronSchedule.InvalidSchedule;

/** What a resource asks for of backups. */
public sealed interface DesiredBackup {

  /** There is to be none. */
  record None() implements DesiredBackup {}

  /** What can't be: whatever makes backups goes on as it does. */
  record Invalid(String detail) implements DesiredBackup {}

  /**
   * Backups by schedule, with defaults filled in.
   *
   * @param suspended whether none is begun
   */
  record Scheduled(
      BackupSchedule schedule, boolean suspended, BackupRetention retention, BackupPlace place)
      implements DesiredBackup {}

  /** As the spec has it. */
  static DesiredBackup from(TuneTrailDatabase resource) {
    var spec = resource.getSpec().backup();
    if (spec == null) {
      return new None();
    }
    try {
      var uid = requireNonNull(resource.getMetadata().getUid());
      return new Scheduled(
          BackupSchedule.of(spec.schedule(), requireNonNullElse(spec.timeZone(), "UTC"), uid),
          Boolean.TRUE.equals(spec.suspend()) || Boolean.TRUE.equals(resource.getSpec().suspend()),
          retention(spec),
          BackupPlace.of(spec.storage(), resource.getMetadata().getNamespace()));
    } catch (InvalidSchedule e) {
      return new Invalid(String.valueOf(e.getMessage()));
    }
  }

  private static BackupRetention retention(BackupSpec spec) {
    var retention = requireNonNullElse(spec.retention(), new BackupRetentionSpec(null, null));
    return new BackupRetention(
        requireNonNullElse(retention.days(), BackupRetention.DAYS),
        requireNonNullElse(retention.minimum(), BackupRetention.MINIMUM));
  }
}
