package io.tunetrail.operator.restore;

import io.tunetrail.operator.api.RestoreApprovalSpec;
import io.tunetrail.operator.api.RestoreBackupSpec;
import io.tunetrail.operator.api.TuneTrailRestore;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.migration.JobLabels;
import org.jspecify.annotations.Nullable;

/**
 * What a restore asks for.
 *
 * @param resource the TuneTrailDatabase's name
 * @param newDatabase null: in place
 * @param approval null: there is none
 * @param rollbackTo the targetVersion that the database must still ask for by {@code
 *     migration.rollback: Restore}; null: a person asked for it
 */
public record DesiredRestore(
    String uid,
    String resource,
    RestoreBackupSpec backup,
    @Nullable String newDatabase,
    @Nullable RestoreApprovalSpec approval,
    @Nullable String rollbackTo) {

  public static DesiredRestore from(TuneTrailRestore restore) {
    var spec = restore.getSpec();
    return new DesiredRestore(
        restore.getMetadata().getUid(),
        spec.databaseRef().name(),
        spec.backup(),
        spec.into().newDatabase(),
        spec.approval(),
        rollbackTo(restore));
  }

  private static @Nullable String rollbackTo(TuneTrailRestore restore) {
    var annotations = restore.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(JobLabels.ROLLBACK_TO);
  }

  public boolean inPlace() {
    return newDatabase == null;
  }

  /** The backup's name, where somebody gave it; null: the Job chooses by what it finds. */
  public @Nullable String named() {
    return backup.name() == null && approval != null ? approval.backup() : backup.name();
  }

  /** What makes its Jobs what they are: it never asks for anything else. */
  public String inputs() {
    return Digest.of(uid, "restore");
  }
}
