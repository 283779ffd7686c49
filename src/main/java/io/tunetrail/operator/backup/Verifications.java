package io.tunetrail.operator.backup;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.tunetrail.operator.api.BackupStatus;
import io.tunetrail.operator.api.BackupStatus.NotVerified;
import io.tunetrail.operator.api.BackupStatus.Successful;
import io.tunetrail.operator.api.BackupStatus.Verified;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.engine.Digest;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.ObservedJob.Blocked;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.lifecycle.Verdict;
import io.tunetrail.operator.migration.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A resource's verifications: what their Jobs told, and which is begun next.
 *
 * @param uid the resource's
 * @param server where they restore to: for another one attempts are counted anew
 * @param jobs that verify
 */
public record Verifications(String uid, String server, List<ObservedJob> jobs, Instant now) {
  /** What heals by itself has healed by then; the next backup is verified anew. */
  static final int MOST_ATTEMPTS = 5;

  /** Bytes of UTF-8: the Job's log has all, and a status is one that people read. */
  public static final int LONGEST_MESSAGE = 250;

  /**
   * A verification to begin.
   *
   * @param backup its name
   * @param attempt from 1
   */
  public record Due(String backup, String inputs, int attempt) {}

  /** What makes a verification what it is. */
  private String inputs(String backup) {
    return Digest.of(uid, Task.VERIFY.toString(), backup, server);
  }

  /** With what has ended; Jobs go, what they told stays. */
  BackupStatus ended(BackupStatus status) {
    var verified = status.lastVerified();
    var failure = status.lastVerificationFailure();
    for (var job : endedOnes()) {
      var ended = (Ended) job.state();
      var name = name(job, ended, status.lastSuccessful());
      if (isVerified(ended)) {
        verified = later(ended, verified == null ? null : verified.time()) ? of(ended) : verified;
      } else if (name != null && later(ended, failure == null ? null : failure.time())) {
        failure = failure(name, job, ended);
      }
    }
    return status.withVerifications(verified, failure);
  }

  /** Oldest first. */
  private List<ObservedJob> endedOnes() {
    return jobs.stream()
        .filter(it -> it.state() instanceof Ended)
        .sorted(Comparator.comparing(it -> ((Ended) it.state()).at()))
        .toList();
  }

  private static boolean later(Ended ended, @Nullable String known) {
    return known == null || ended.at().isAfter(Instant.parse(known));
  }

  private static boolean isVerified(Ended ended) {
    var report = ended.report() == null ? null : ended.report().verification();
    return ended.outcome() == Outcome.DONE && report != null && report.verified();
  }

  /** A pod that was killed does not tell which it was at. */
  private @Nullable String name(ObservedJob job, Ended ended, @Nullable Successful newest) {
    var report = ended.report() == null ? null : ended.report().verification();
    if (report != null) {
      return report.backup();
    }
    return newest != null && inputs(newest.name()).equals(job.inputs()) ? newest.name() : null;
  }

  private static Verified of(Ended ended) {
    var report = requireNonNull(ended.report());
    var verification = requireNonNull(report.verification());
    var started = report.started() == null ? ended.at() : Instant.parse(report.started());
    return new Verified(
        verification.backup(),
        ended.at().toString(),
        BackupHistory.shown(Duration.between(started, ended.at())),
        verification.tables(),
        verification.rows());
  }

  private static NotVerified failure(String name, ObservedJob job, Ended ended) {
    var reason = ended.outcome() == Outcome.DONE ? Reason.JOB_LOST : ended.outcome().reason();
    return new NotVerified(
        name,
        job.name(),
        ended.at().toString(),
        reason.toString(),
        Verdict.shortened(
            requireNonNullElse(ended.detail(), "Job " + job.name() + " ended without a report"),
            LONGEST_MESSAGE));
  }

  /** What keeps the pod of one from starting; null: nothing. */
  @Nullable Verdict obstacle() {
    return jobs.stream()
        .map(
            it ->
                it.state() instanceof Blocked it2 ? new Verdict(it2.reason(), it2.detail()) : null)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /**
   * The one to begin now: of the newest backup, where it is not verified yet, its time has come and
   * nothing is certain that trying again would not change.
   *
   * @param status with what has ended
   */
  public Optional<Due> due(BackupStatus status, DesiredBackup.Scheduled desired) {
    var newest = status.lastSuccessful();
    boolean rests = desired.suspended() || desired.verification().suspended();
    if (rests || newest == null || jobs.stream().anyMatch(Verifications::runs)) {
      return Optional.empty();
    }
    var verified = status.lastVerified();
    if (verified != null && verified.name().equals(newest.name())) {
      return Optional.empty();
    }
    var inputs = inputs(newest.name());
    return last(inputs)
        .map(it -> again(it))
        .orElseGet(() -> first(status, newest, desired.verification().schedule()))
        .map(attempt -> new Due(newest.name(), inputs, attempt));
  }

  private static boolean runs(ObservedJob job) {
    return !(job.state() instanceof Ended);
  }

  private Optional<ObservedJob> last(String inputs) {
    return jobs.stream()
        .filter(it -> it.inputs().equals(inputs))
        .max(Comparator.comparingInt(ObservedJob::attempt));
  }

  /** The attempt after one that failed. */
  private Optional<Integer> again(ObservedJob last) {
    var ended = (Ended) last.state();
    boolean mayHeal = ended.outcome() == Outcome.DONE || ended.outcome().healsAlone();
    return mayHeal
            && last.attempt() < MOST_ATTEMPTS
            && !now.isBefore(ended.at().plus(pause(last.attempt())))
        ? Optional.of(last.attempt() + 1)
        : Optional.empty();
  }

  private static Duration pause(int attempt) {
    return Duration.ofMinutes(1L << (attempt - 1));
  }

  private Optional<Integer> first(
      BackupStatus status, Successful newest, @Nullable BackupSchedule schedule) {
    var failure = status.lastVerificationFailure();
    boolean settled =
        jobs.isEmpty()
            && failure != null
            && failure.name().equals(newest.name())
            && BackupHistory.reason(failure.reason()).kind() == Reason.Kind.STALLED;
    boolean itsTime = schedule == null || !schedule.between(since(status, newest), now).isEmpty();
    return settled || !itsTime ? Optional.empty() : Optional.of(1);
  }

  /** From when on the schedule's next time counts: the last verification, or else the backup. */
  private static Instant since(BackupStatus status, Successful newest) {
    var verified = status.lastVerified();
    var failure = status.lastVerificationFailure();
    return Stream.of(
            verified == null ? null : verified.time(), failure == null ? null : failure.time())
        .filter(Objects::nonNull)
        .map(Instant::parse)
        .max(Comparator.naturalOrder())
        .orElseGet(() -> Instant.parse(newest.time()));
  }

  /** Names of Jobs that may go: ended ones of earlier backups, but the newest of all. */
  public List<String> superfluous(BackupStatus status) {
    var newest = status.lastSuccessful();
    var current = newest == null ? "" : inputs(newest.name());
    return endedOnes().reversed().stream()
        .skip(1)
        .filter(it -> !it.inputs().equals(current))
        .map(ObservedJob::name)
        .toList();
  }
}
