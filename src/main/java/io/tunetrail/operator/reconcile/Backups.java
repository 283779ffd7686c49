package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.tunetrail.operator.api.BackupStatus;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.backup.BackupCronJob;
import io.tunetrail.operator.backup.BackupWord;
import io.tunetrail.operator.backup.DesiredBackup;
import io.tunetrail.operator.backup.ObservedBackup;
import io.tunetrail.operator.backup.Verifications;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.Verdict;
import io.tunetrail.operator.migration.ObservedJobs;
import io.tunetrail.operator.status.Announcement;
import io.tunetrail.operator.status.BackupCondition;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A resource's backups, beside its migrations: neither stops the other. */
record Backups(
    BackupKeeper keeper,
    BackupQueue queue,
    VerificationKeeper verifier,
    PodRefusals refusals,
    EventPublisher events,
    InstantSource clock) {

  /**
   * How a resource's backups stand.
   *
   * @param cronJob as the cache has it; null where it has none
   * @param made the CronJob's Jobs
   * @param word empty where no backups are asked for
   * @param obstacle why none can be made; null where nothing is in the way
   */
  record Standing(
      @Nullable CronJob cronJob,
      List<ObservedBackup> made,
      Optional<BackupWord> word,
      @Nullable Verdict obstacle) {}

  /** Keeps the CronJob, starts backups in their turn, begins verifications, and looks at both. */
  Standing kept(
      TuneTrailDatabase resource, Desired desired, Look look, Context<TuneTrailDatabase> context) {
    var wanted = DesiredBackup.from(resource);
    var cronJob = cronJob(resource, context);
    var refused = queue.admit(resource.getMetadata().getUid(), look, RunningJobs.of(context));
    var obstacle = keeper.keep(resource, desired, wanted, cronJob).or(() -> refused);
    var made = made(cronJob, context);
    var verifications = verifications(resource, context);
    var told =
        word(resource, wanted, made, obstacle).map(it -> it.with(verifications, rests(wanted)));
    var unverified =
        verifier.keep(
            resource,
            desired,
            wanted,
            verifications,
            told.map(BackupWord::status).orElse(BackupStatus.NONE),
            RunningJobs.of(context));
    return new Standing(
        cronJob,
        made,
        told.map(it -> unverified.map(it::notVerified).orElse(it)),
        wanted instanceof DesiredBackup.Invalid
            ? told.orElseThrow().verdict()
            : obstacle.orElse(null));
  }

  /** The status with how they stand, which is told where it is news. */
  TuneTrailDatabaseStatus in(
      TuneTrailDatabaseStatus next, TuneTrailDatabase resource, Standing standing) {
    var status =
        BackupCondition.in(
            next,
            resource.getStatus(),
            resource.getMetadata().getGeneration(),
            standing.word(),
            clock.instant());
    standing.word().ifPresent(it -> tell(resource, it, standing.made(), status));
    return status;
  }

  private static boolean rests(DesiredBackup wanted) {
    return wanted instanceof DesiredBackup.Scheduled it && it.verification().suspended();
  }

  private Verifications verifications(
      TuneTrailDatabase resource, Context<TuneTrailDatabase> context) {
    var uid = resource.getMetadata().getUid();
    var pods = context.getSecondaryResources(Pod.class);
    var jobs =
        context.getSecondaryResources(Job.class).stream()
            .filter(ObservedJobs::isVerification)
            .toList();
    var now = clock.instant();
    return new Verifications(
        uid,
        String.valueOf(resource.getSpec().scratch()),
        ObservedJobs.of(uid, jobs, pods, refusals.of(uid, jobs, pods, now)),
        now);
  }

  private Optional<BackupWord> word(
      TuneTrailDatabase resource,
      DesiredBackup wanted,
      List<ObservedBackup> made,
      Optional<Verdict> obstacle) {
    var before = resource.getStatus();
    return BackupWord.next(
        wanted,
        BackupCronJob.name(resource.getMetadata().getName()),
        before == null ? null : before.backup(),
        made,
        obstacle.orElse(null),
        clock.instant());
  }

  private static @Nullable CronJob cronJob(
      TuneTrailDatabase resource, Context<TuneTrailDatabase> context) {
    var name = BackupCronJob.name(resource.getMetadata().getName());
    return context.getSecondaryResources(CronJob.class).stream()
        .filter(it -> it.getMetadata().getName().equals(name))
        .filter(it -> BackupKeeper.isOf(it, resource.getMetadata().getUid()))
        .findFirst()
        .orElse(null);
  }

  private List<ObservedBackup> made(@Nullable CronJob cronJob, Context<TuneTrailDatabase> context) {
    if (cronJob == null) {
      return List.of();
    }
    var jobs = context.getSecondaryResources(Job.class);
    var pods = context.getSecondaryResources(Pod.class);
    Map<String, Verdict> refused =
        refusals.of(cronJob.getMetadata().getUid(), jobs, pods, clock.instant());
    return ObservedBackup.of(cronJob, jobs, pods, refused);
  }

  private void tell(
      TuneTrailDatabase resource,
      BackupWord word,
      List<ObservedBackup> made,
      TuneTrailDatabaseStatus status) {
    var before = resource.getStatus();
    word.news(before == null ? null : before.backup(), made)
        .map(it -> new Announcement(false, Reason.BACKED_UP.toString(), it))
        .or(() -> BackupCondition.announcement(before, status))
        .ifPresent(it -> events.publish(resource, it, clock.instant()));
    word.missedNews(before == null ? null : before.backup())
        .filter(
            _ -> !BackupCondition.tellsOfMissed(before) && !BackupCondition.tellsOfMissed(status))
        .map(it -> new Announcement(true, Reason.BACKUP_MISSED.toString(), it))
        .ifPresent(it -> events.publish(resource, it, clock.instant()));
    word.verificationNews(before == null ? null : before.backup())
        .map(it -> new Announcement(it.warning(), it.reason().toString(), it.message()))
        .ifPresent(it -> events.publish(resource, it, clock.instant()));
  }

  /** Whether a CronJob says what it did not say before; null: it is new. */
  static boolean saysMore(@Nullable CronJob before, CronJob now) {
    return before == null
        || !Objects.equals(before.getMetadata().getGeneration(), now.getMetadata().getGeneration())
        || !Objects.equals(
            before.getMetadata().getAnnotations(), now.getMetadata().getAnnotations());
  }
}
