package io.tunetrail.operator.notification;

import static io.tunetrail.operator.notification.Notice.put;

import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.RestorePhase;
import io.tunetrail.operator.api.TuneTrailRestore;
import io.tunetrail.operator.api.TuneTrailRestoreStatus;
import io.tunetrail.operator.status.Conditions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is worth telling others of a change of a restore's status. */
public final class RestoreNotices {
  public static final String RESTORE_STARTED = "io.tunetrail.restore.started";
  public static final String RESTORE_SUCCEEDED = "io.tunetrail.restore.succeeded";
  public static final String RESTORE_FAILED = "io.tunetrail.restore.failed";

  private static final String DONE = "Done";

  private final TuneTrailRestore restore;
  private final @Nullable TuneTrailRestoreStatus before;
  private final TuneTrailRestoreStatus next;
  private final Instant now;
  private final List<Notice> notices = new ArrayList<>();

  private RestoreNotices(TuneTrailRestore restore, TuneTrailRestoreStatus next, Instant now) {
    this.restore = restore;
    this.before = restore.getStatus();
    this.next = next;
    this.now = now;
  }

  /** What the next status tells of, and the restore's present one does not. */
  public static List<Notice> of(
      TuneTrailRestore restore, TuneTrailRestoreStatus next, Instant now) {
    var notices = new RestoreNotices(restore, next, now);
    notices.approval();
    notices.start();
    notices.end();
    return List.copyOf(notices.notices);
  }

  private void approval() {
    if (becomes(RestorePhase.AWAITING_APPROVAL)) {
      tell(Notices.APPROVAL_WANTED, List.of(), now, message());
    }
  }

  private void start() {
    if (becomes(RestorePhase.RESTORING)) {
      tell(RESTORE_STARTED, List.of(), now, message());
    }
  }

  /** One that is tried again and fails as before is told of once. */
  private void end() {
    if (becomes(RestorePhase.RESTORED)) {
      tell(RESTORE_SUCCEEDED, List.of(), finished(), message());
    } else if (becomes(RestorePhase.FAILED) || hasFailedOtherwise()) {
      var key =
          List.of(String.valueOf(next.job()), String.valueOf(next.result()), phase().orElse(""));
      tell(RESTORE_FAILED, key, finished(), Optional.ofNullable(next.message()).or(this::message));
    }
  }

  private boolean becomes(RestorePhase phase) {
    return next.phase() == phase && (before == null || before.phase() != phase);
  }

  private boolean hasFailedOtherwise() {
    var result = next.result();
    return result != null
        && !result.equals(DONE)
        && !Objects.equals(result, before == null ? null : before.result());
  }

  private Instant finished() {
    return next.finished() == null ? now : Instant.parse(next.finished());
  }

  private Optional<String> phase() {
    return Optional.ofNullable(next.phase()).map(RestorePhase::toString);
  }

  private Optional<String> message() {
    return Conditions.find(next.conditions(), Conditions.READY).map(Condition::message);
  }

  /**
   * Tells it.
   *
   * @param key what this one differs by from others of its type
   */
  private void tell(String type, List<String> key, Instant time, Optional<String> message) {
    var data = new LinkedHashMap<String, Object>();
    asked(data);
    put(data, "phase", phase().orElse(null));
    put(data, "backup", next.backup());
    put(data, "restoredDatabase", next.database());
    put(data, "safetyBackup", next.safetyBackup());
    put(data, "previousDatabase", next.previousDatabase());
    put(data, "tables", next.tables());
    put(data, "rows", next.rows());
    put(data, "job", next.job());
    put(data, "result", next.result());
    put(data, "message", message.orElse(null));
    notices.add(Notice.of(restore, type, key, time, data));
  }

  private void asked(Map<String, Object> data) {
    var spec = restore.getSpec();
    put(data, "namespace", restore.getMetadata().getNamespace());
    put(data, "name", restore.getMetadata().getName());
    put(data, "generation", restore.getMetadata().getGeneration());
    put(data, "database", spec.databaseRef().name());
    put(data, "inPlace", spec.into().newDatabase() == null);
    put(data, "approvedBy", spec.approval() == null ? null : spec.approval().approvedBy());
  }
}
