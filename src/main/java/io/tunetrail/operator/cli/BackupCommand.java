package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.tunetrail.operator.api.BackupStatus;
import io.tunetrail.operator.api.BackupStatus.Successful;
import io.tunetrail.operator.backup.BackupByHand;
import io.tunetrail.operator.migration.ObservedJobs;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a backup now. */
@Command(
    name = "backup",
    description = {
      "Makes a backup now, as kubectl create job --from=cronjob/… does, and waits for it.",
      "It is one as those of the schedule: kept, counted and verified."
    })
final class BackupCommand implements Callable<Integer> {
  private static final int BASE = 36;

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Mixin private WaitOptions options = new WaitOptions();

  @Parameters(index = "0", paramLabel = "NAME", description = "The TuneTrailDatabase.")
  private String name = "";

  @Option(names = "--verified", description = "Waits until it was restored once, too.")
  private boolean verified;

  BackupCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandFailure {
    try (var opened = cluster.open()) {
      var before = newest(backups(opened));
      var job = opened.client().resource(BackupByHand.of(cronJob(opened), suffix())).create();
      var commandLine = spec.commandLine();
      var polling = Polling.of(options.timeout(), terminal, commandLine.getErr());
      var made = polling.until(waiting -> made(opened, job, before, waiting));
      commandLine.getOut().println(made);
      if (verified) {
        var backup = Objects.requireNonNull(newest(backups(opened)));
        commandLine.getOut().println(polling.until(waiting -> verified(opened, backup, waiting)));
      }
      return 0;
    }
  }

  /** Room for it is left by the names of CronJobs. */
  private static String suffix() {
    return "now" + Long.toString(Instant.now().getEpochSecond(), BASE);
  }

  private CronJob cronJob(Cluster opened) throws CommandFailure {
    var cronJobName = backups(opened).cronJob();
    var cronJob =
        cronJobName == null
            ? null
            : opened
                .client()
                .batch()
                .v1()
                .cronjobs()
                .inNamespace(opened.namespace())
                .withName(cronJobName)
                .get();
    if (cronJob == null) {
      throw new CommandFailure(
          "%s has no CronJob for backups yet; see kubectl tunetrail status %s"
              .formatted(name, name));
    }
    return cronJob;
  }

  private BackupStatus backups(Cluster opened) throws CommandFailure {
    var database = opened.database(name);
    if (database.resource().getSpec().backup() == null) {
      throw new CommandFailure(
          "%s has no backups: set spec.backup, with a schedule and a storage".formatted(name));
    }
    var status = database.status();
    return status == null || status.backup() == null ? BackupStatus.NONE : status.backup();
  }

  private static @Nullable String newest(BackupStatus backups) {
    return backups.lastSuccessful() == null ? null : backups.lastSuccessful().name();
  }

  /** By the operator's word, for only then it counts. */
  private Optional<String> made(
      Cluster opened, Job job, @Nullable String before, Consumer<String> waiting)
      throws CommandFailure {
    var jobName = job.getMetadata().getName();
    var backups = backups(opened);
    var failure = backups.lastFailure();
    if (failure != null && failure.job().equals(jobName)) {
      throw new CommandFailure(
          "%s: no backup was made by Job %s: %s: %s"
              .formatted(name, jobName, failure.reason(), failure.message()));
    }
    var live = opened.client().resource(job).get();
    if (live == null) {
      throw new CommandFailure("%s: somebody removed Job %s".formatted(name, jobName));
    }
    var success = backups.lastSuccessful();
    if (success != null && !success.name().equals(before) && isComplete(live)) {
      return Optional.of(words(success));
    }
    waiting.accept(
        "%s: Job %s %s"
            .formatted(
                name, jobName, ObservedJobs.waitsForTurn(live) ? "waits for its turn" : "works"));
    return Optional.empty();
  }

  private static boolean isComplete(Job job) {
    return job.getStatus() != null && job.getStatus().getCompletionTime() != null;
  }

  private String words(Successful success) {
    return "%s: backup %s is made: %s in %s, at %s"
        .formatted(name, success.name(), success.size(), success.duration(), success.location());
  }

  private Optional<String> verified(Cluster opened, String backup, Consumer<String> waiting)
      throws CommandFailure {
    var backups = backups(opened);
    var failure = backups.lastVerificationFailure();
    if (failure != null && failure.name().equals(backup)) {
      throw new CommandFailure(
          "%s: backup %s is not verified: %s: %s"
              .formatted(name, backup, failure.reason(), failure.message()));
    }
    var success = backups.lastVerified();
    if (success != null && success.name().equals(backup)) {
      return Optional.of(
          "%s: it is verified: %d tables, %d rows"
              .formatted(name, success.tables(), success.rows()));
    }
    waiting.accept("%s: backup %s is being verified".formatted(name, backup));
    return Optional.empty();
  }
}
