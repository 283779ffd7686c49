package io.tunetrail.operator.restore;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.InPlaceSpec;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.RestoreBackupSpec;
import io.tunetrail.operator.api.RestorePhase;
import io.tunetrail.operator.api.RestoreTargetSpec;
import io.tunetrail.operator.api.Rollback;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailRestore;
import io.tunetrail.operator.api.TuneTrailRestoreSpec;
import io.tunetrail.operator.api.TuneTrailRestoreStatus;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.RollbackBackup;
import io.tunetrail.operator.lifecycle.Verdict;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.migration.MigrationJob;
import io.tunetrail.operator.status.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The TuneTrailRestore that the operator makes where {@code migration.rollback} is Restore. It has
 * no approval: a person gives that.
 */
public record RollbackRestore(TuneTrailDatabase database, RollbackBackup backup) {
  private static final int LONGEST_NAME = 63;

  /** So long after its end the database must have been seen as it is now. */
  private static final Duration SEEN = Duration.ofMinutes(1);

  /**
   * The targetVersion that a database is to go back to by a restore; null: to none.
   *
   * @param made when the restore was made: what was said before is not of it
   */
  public static @Nullable String targetOf(TuneTrailDatabase database, Instant made) {
    var migration = database.getSpec().migration();
    return migration == null || migration.rollback() != Rollback.RESTORE || isThere(database, made)
        ? null
        : target(database);
  }

  private static String target(TuneTrailDatabase database) {
    return requireNonNullElse(database.getSpec().targetVersion(), Desired.LATEST);
  }

  /** By a word of this target and since then: it came to be as it should by other means. */
  private static boolean isThere(TuneTrailDatabase database, Instant made) {
    var status = database.getStatus();
    return status != null
        && Objects.equals(status.observedGeneration(), database.getMetadata().getGeneration())
        && Conditions.find(status.conditions(), Conditions.READY)
            .filter(it -> it.status().equals("True"))
            .filter(it -> Instant.parse(it.lastTransitionTime()).isAfter(made))
            .isPresent();
  }

  /** The same for as long as the same backup undoes the same work. */
  public String name() {
    var metadata = database.getMetadata();
    var suffix =
        "-rollback-"
            + Digest.of(metadata.getUid(), backup.name(), backup.work())
                .substring("sha256:".length())
                .substring(0, 10);
    var name = metadata.getName();
    var stem = name.substring(0, Math.min(name.length(), LONGEST_NAME - suffix.length()));
    return stem.replaceAll("[.-]+$", "") + suffix;
  }

  public TuneTrailRestore resource() {
    var restore = new TuneTrailRestore();
    restore.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(database.getMetadata().getNamespace())
            .withName(name())
            .withLabels(Map.of(JobLabels.MANAGED_BY, JobLabels.OPERATOR))
            .withAnnotations(Map.of(JobLabels.ROLLBACK_TO, target(database)))
            .withOwnerReferences(MigrationJob.owner(database))
            .build());
    restore.setSpec(
        new TuneTrailRestoreSpec(
            new LocalReference(database.getMetadata().getName()),
            new RestoreBackupSpec(backup.name(), null, null),
            new RestoreTargetSpec(null, new InPlaceSpec()),
            requireNonNull(database.getSpec().migration()).restoreAdmin(),
            null));
    return restore;
  }

  /** Whether an object of this name is the one that was made for this database. */
  public boolean isOurs(TuneTrailRestore found) {
    return found.getMetadata().getOwnerReferences().stream()
        .anyMatch(it -> it.getUid().equals(database.getMetadata().getUid()));
  }

  /**
   * What is to be said of the database while it is there.
   *
   * @param why the database is to go back
   */
  public Verdict verdict(@Nullable TuneTrailRestoreStatus status, String why, Instant now) {
    var phase = status == null ? null : status.phase();
    return switch (phase) {
      case null -> awaits(why, "");
      case AWAITING_APPROVAL -> awaits(why, "");
      case WAITING -> awaits(why, "; it waits: " + message(requireNonNull(status)));
      case RESTORING -> restoring();
      case RESTORED ->
          isSeen(requireNonNull(status), now)
              ? failed(phase, "the database is not at this version all the same; " + why)
              : restoring();
      case FAILED -> failed(phase, message(requireNonNull(status)));
    };
  }

  private Verdict awaits(String why, String besides) {
    return new Verdict(
        Reason.ROLLBACK_AWAITS_RESTORE,
        "%s; TuneTrailRestore %s is to put backup %s in the database's place%s"
            .formatted(why, name(), backup.name(), besides));
  }

  private Verdict restoring() {
    return new Verdict(
        Reason.RESTORING,
        "TuneTrailRestore %s puts backup %s in the database's place"
            .formatted(name(), backup.name()));
  }

  private Verdict failed(RestorePhase phase, String message) {
    return new Verdict(
        Reason.ROLLBACK_FAILED, "TuneTrailRestore %s is %s: %s".formatted(name(), phase, message));
  }

  private static boolean isSeen(TuneTrailRestoreStatus status, Instant now) {
    return status.finished() != null && Instant.parse(status.finished()).plus(SEEN).isBefore(now);
  }

  private static String message(TuneTrailRestoreStatus status) {
    return Conditions.find(status.conditions(), Conditions.READY)
        .map(Condition::message)
        .orElse("");
  }
}
