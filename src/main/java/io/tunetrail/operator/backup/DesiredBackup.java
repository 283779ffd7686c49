package io.tunetrail.operator.backup;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.tunetrail.operator.api.BackupRetentionSpec;
import io.tunetrail.operator.api.BackupSpec;
import io.tunetrail.operator.api.BackupWorkspaceSpec;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.lifecycle.CronSchedule.InvalidSchedule;
import org.jspecify.annotations.Nullable;

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
   * @param verification when backups are restored to see that they can be
   * @param encryption the Secret with the keys; null: archives are not encrypted
   * @param parallel null: one session dumps
   */
  record Scheduled(
      BackupSchedule schedule,
      boolean suspended,
      BackupRetention retention,
      BackupPlace place,
      Verification verification,
      @Nullable String encryption,
      @Nullable Parallel parallel)
      implements DesiredBackup {}

  /**
   * Dumps by several sessions at once.
   *
   * @param jobs at least 2
   * @param workspace null: on the node's own disk
   */
  record Parallel(int jobs, @Nullable BackupWorkspaceSpec workspace) {}

  /**
   * When backups are restored to see that they can be.
   *
   * @param suspended whether none is
   * @param schedule null: after each backup
   */
  record Verification(boolean suspended, @Nullable BackupSchedule schedule) {}

  /** As the spec has it. */
  static DesiredBackup from(TuneTrailDatabase resource) {
    var spec = resource.getSpec().backup();
    if (spec == null) {
      return new None();
    }
    var uid = requireNonNull(resource.getMetadata().getUid());
    var zone = requireNonNullElse(spec.timeZone(), "UTC");
    Verification verification;
    try {
      verification = verification(spec, zone, uid);
    } catch (InvalidSchedule e) {
      return new Invalid("verification.schedule: " + e.getMessage());
    }
    try {
      return new Scheduled(
          BackupSchedule.of(spec.schedule(), zone, uid),
          Boolean.TRUE.equals(spec.suspend()) || Boolean.TRUE.equals(resource.getSpec().suspend()),
          retention(spec),
          BackupPlace.of(spec.storage(), resource.getMetadata().getNamespace()),
          verification,
          spec.encryption() == null ? null : spec.encryption().secretRef().name(),
          spec.parallel() == null
              ? null
              : new Parallel(spec.parallel().jobs(), spec.parallel().workspace()));
    } catch (InvalidSchedule e) {
      return new Invalid(String.valueOf(e.getMessage()));
    }
  }

  private static Verification verification(BackupSpec spec, String zone, String uid)
      throws InvalidSchedule {
    var verification = spec.verification();
    if (verification == null) {
      return new Verification(false, null);
    }
    var schedule = verification.schedule();
    return new Verification(
        Boolean.TRUE.equals(verification.suspend()),
        schedule == null ? null : BackupSchedule.of(schedule, zone, uid));
  }

  private static BackupRetention retention(BackupSpec spec) {
    var retention = requireNonNullElse(spec.retention(), new BackupRetentionSpec(null, null));
    return new BackupRetention(
        requireNonNullElse(retention.days(), BackupRetention.DAYS),
        requireNonNullElse(retention.minimum(), BackupRetention.MINIMUM));
  }
}
