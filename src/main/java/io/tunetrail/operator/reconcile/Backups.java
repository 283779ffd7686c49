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
    VerificationKeeper verifier,
    PodRefusals refusals,
    EventPublisher events,
    InstantSource clock) {

  /** Keeps the CronJob, begins verifications, and answers the status with how the backups stand. */
  TuneTrailDatabaseStatus in(
      TuneTrailDatabaseStatus next,
      TuneTrailDatabase resource,
      Desired desired,
      Context<TuneTrailDatabase> context) {
    var wanted = DesiredBackup.from(resource);
    var cronJob = cronJob(resource, context);
    var obstacle = keeper.keep(resource, desired, wanted, cronJob);
    var made = made(cronJob, context);
    var verifications = verifications(resource, context);
    var told =
        word(resource, wanted, made, obstacle).map(it -> it.with(verifications, rests(wanted)));
    var refused =
        verifier.keep(
            resource,
            desired,
            wanted,
            verifications,
            told.map(BackupWord::status).orElse(BackupStatus.NONE),
            RunningJobs.of(context));
    var word = told.map(it -> refused.map(it::notVerified).orElse(it));
    var status =
        BackupCondition.in(
            next,
            resource.getStatus(),
            resource.getMetadata().getGeneration(),
            word,
            clock.instant());
    word.ifPresent(it -> tell(resource, it, made, status));
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
