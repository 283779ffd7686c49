package io.tunetrail.operator.notification;

import static io.tunetrail.operator.notification.Notice.put;

import io.tunetrail.operator.api.BackupStatus;
import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.LastMigration;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.status.Conditions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is worth telling others of a change of status. What is older than the resource is not: a
 * resource that takes over a database finds what others did.
 */
public final class Notices {
  public static final String MIGRATION_STARTED = "io.tunetrail.migration.started";
  public static final String MIGRATION_SUCCEEDED = "io.tunetrail.migration.succeeded";
  public static final String MIGRATION_FAILED = "io.tunetrail.migration.failed";
  public static final String APPROVAL_WANTED = "io.tunetrail.approval.wanted";
  public static final String BACKUP_SUCCEEDED = "io.tunetrail.backup.succeeded";
  public static final String BACKUP_FAILED = "io.tunetrail.backup.failed";
  public static final String BACKUP_MISSED = "io.tunetrail.backup.missed";
  public static final String BACKUP_VERIFIED = "io.tunetrail.backup.verified";
  public static final String BACKUP_NOT_VERIFIED = "io.tunetrail.backup.notverified";
  public static final String DRIFT_FOUND = "io.tunetrail.drift.found";
  public static final String DRIFT_GONE = "io.tunetrail.drift.gone";

  private static final Set<String> WORKS =
      Set.of(
          Reason.MIGRATING.toString(),
          Reason.CREATING_TABLES.toString(),
          Reason.UNDOING.toString(),
          Reason.ADOPTING.toString());

  private static final Set<String> WANTS =
      Set.of(Reason.AWAITING_APPROVAL.toString(), Reason.APPROVAL_STALE.toString());

  private final TuneTrailDatabase resource;
  private final @Nullable TuneTrailDatabaseStatus before;
  private final TuneTrailDatabaseStatus next;
  private final Instant now;
  private final List<Notice> notices = new ArrayList<>();

  private Notices(TuneTrailDatabase resource, TuneTrailDatabaseStatus next, Instant now) {
    this.resource = resource;
    this.before = resource.getStatus();
    this.next = next;
    this.now = now;
  }

  /** What the next status tells of, and the resource's present one does not. */
  public static List<Notice> of(
      TuneTrailDatabase resource, TuneTrailDatabaseStatus next, Instant now) {
    if (next.equals(resource.getStatus())) {
      return List.of();
    }
    var notices = new Notices(resource, next, now);
    notices.migrations();
    notices.approval();
    notices.backups();
    notices.drift();
    return List.copyOf(notices.notices);
  }

  private void migrations() {
    ready(next)
        .filter(it -> WORKS.contains(it.reason()))
        .filter(it -> !sameReason(it))
        .ifPresent(
            it ->
                tell(
                    MIGRATION_STARTED,
                    now,
                    List.of(it.message(), String.valueOf(next.observedGeneration())),
                    Map.of("reason", it.reason(), "message", it.message())));
    var last = next.lastMigration();
    if (last != null && last.finished() != null && isNews(last)) {
      boolean done = last.outcome().equals("Done");
      tell(
          done ? MIGRATION_SUCCEEDED : MIGRATION_FAILED,
          Instant.parse(last.finished()),
          List.of(last.job(), last.outcome()),
          fields(last));
    }
  }

  private boolean sameReason(Condition ready) {
    return before != null
        && ready(before).filter(it -> it.reason().equals(ready.reason())).isPresent();
  }

  private boolean isNews(LastMigration last) {
    var known = before == null ? null : before.lastMigration();
    return (known == null
            || !known.job().equals(last.job())
            || !known.outcome().equals(last.outcome()))
        && isOfThisResource(last.finished());
  }

  private static Map<String, Object> fields(LastMigration last) {
    var data = new LinkedHashMap<String, Object>();
    put(data, "job", last.job());
    put(data, "task", last.task());
    put(data, "outcome", last.outcome());
    put(data, "from", last.from());
    put(data, "to", last.to());
    put(data, "started", last.started());
    put(data, "finished", last.finished());
    put(data, "approvedBy", last.approvedBy());
    put(data, "message", last.message());
    return data;
  }

  /** Once for each thing to approve. */
  private void approval() {
    var wanted = wanted(next);
    if (wanted.isEmpty() || wanted.equals(before == null ? Optional.empty() : wanted(before))) {
      return;
    }
    var data = new LinkedHashMap<String, Object>();
    put(data, "digest", wanted.get());
    put(data, "pendingCount", next.pendingCount());
    if (next.plan() != null) {
      put(data, "plan", next.plan().configMap());
      put(data, "destructive", next.plan().destructive());
      put(data, "warnings", next.plan().warnings());
    }
    approved(next).ifPresent(it -> put(data, "message", it.message()));
    tell(APPROVAL_WANTED, now, List.of(wanted.get()), data);
  }

  /** What is to be approved, by its digest; empty where nothing is. */
  private static Optional<String> wanted(TuneTrailDatabaseStatus status) {
    return approved(status)
        .filter(it -> it.status().equals("False") && WANTS.contains(it.reason()))
        .map(
            _ ->
                status.plan() == null
                    ? String.valueOf(status.pendingDigest())
                    : status.plan().digest());
  }

  private void backups() {
    var known = before == null || before.backup() == null ? BackupStatus.NONE : before.backup();
    var backup = next.backup();
    if (backup == null) {
      return;
    }
    news(known, backup, BackupStatus::lastSuccessful)
        .ifPresent(
            it ->
                backup(
                    BACKUP_SUCCEEDED,
                    it.time(),
                    it.name(),
                    Map.of(
                        "size", it.size(), "duration", it.duration(), "location", it.location())));
    news(known, backup, BackupStatus::lastFailure)
        .ifPresent(
            it ->
                backup(
                    BACKUP_FAILED,
                    it.time(),
                    it.job(),
                    Map.of("reason", it.reason(), "message", it.message())));
    news(known, backup, BackupStatus::lastVerified)
        .ifPresent(
            it ->
                backup(
                    BACKUP_VERIFIED,
                    it.time(),
                    it.name(),
                    Map.of("tables", it.tables(), "rows", it.rows(), "duration", it.duration())));
    news(known, backup, BackupStatus::lastVerificationFailure)
        .ifPresent(
            it ->
                backup(
                    BACKUP_NOT_VERIFIED,
                    it.time(),
                    it.name(),
                    Map.of("job", it.job(), "reason", it.reason(), "message", it.message())));
    if (backup.lastMissed() != null && backup.missedRuns() > known.missedRuns()) {
      backup(
          BACKUP_MISSED,
          backup.lastMissed(),
          backup.lastMissed(),
          Map.of("missedRuns", backup.missedRuns()));
    }
  }

  private static <T> Optional<T> news(
      BackupStatus known, BackupStatus backup, Function<BackupStatus, @Nullable T> field) {
    return Optional.ofNullable(field.apply(backup)).filter(it -> !it.equals(field.apply(known)));
  }

  private void backup(String type, String time, String which, Map<String, Object> fields) {
    if (isOfThisResource(time)) {
      var data = new LinkedHashMap<String, Object>(fields);
      data.put("backup", which);
      tell(type, Instant.parse(time), List.of(which, time), data);
    }
  }

  private void drift() {
    boolean drifted = Conditions.isTrue(next.conditions(), Conditions.DRIFTED);
    boolean wasDrifted =
        before != null && Conditions.isTrue(before.conditions(), Conditions.DRIFTED);
    var known = before == null ? null : before.drift();
    var found = next.drift();
    if (drifted && found != null && !(wasDrifted && found.equals(known))) {
      var data = new LinkedHashMap<String, Object>();
      data.put("count", found.count());
      put(data, "added", found.added());
      put(data, "removed", found.removed());
      put(data, "changed", found.changed());
      tell(DRIFT_FOUND, now, List.of(found.toString()), data);
    }
    Conditions.find(next.conditions(), Conditions.DRIFTED)
        .filter(it -> wasDrifted && it.status().equals("False"))
        .ifPresent(
            it ->
                tell(
                    DRIFT_GONE,
                    now,
                    List.of(it.lastTransitionTime()),
                    Map.of("message", it.message())));
  }

  private boolean isOfThisResource(@Nullable String time) {
    var created = resource.getMetadata().getCreationTimestamp();
    return time != null
        && (created == null || !Instant.parse(time).isBefore(Instant.parse(created)));
  }

  private static Optional<Condition> ready(TuneTrailDatabaseStatus status) {
    return Conditions.find(status.conditions(), Conditions.READY);
  }

  private static Optional<Condition> approved(TuneTrailDatabaseStatus status) {
    return Conditions.find(status.conditions(), Conditions.APPROVED);
  }

  /**
   * Tells it.
   *
   * @param key what this one differs by from others of its type
   */
  private void tell(String type, Instant time, List<String> key, Map<String, Object> fields) {
    var metadata = resource.getMetadata();
    var data = new LinkedHashMap<String, Object>();
    put(data, "namespace", metadata.getNamespace());
    put(data, "name", metadata.getName());
    put(data, "generation", metadata.getGeneration());
    put(data, "edition", resource.getSpec().edition());
    put(data, "environment", resource.getSpec().environment());
    put(data, "initializationMethod", next.initializationMethod());
    put(data, "migrationVersion", next.migrationVersion());
    put(data, "targetVersion", next.targetVersion());
    data.putAll(fields);
    notices.add(Notice.of(resource, type, key, time, data));
  }
}
