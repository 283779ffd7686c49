package io.tunetrail.operator.reconcile;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailRestore;
import io.tunetrail.operator.backup.DesiredBackup;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.lifecycle.Verdict;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.migration.ObservedJobs;
import io.tunetrail.operator.restore.DesiredRestore;
import io.tunetrail.operator.restore.ObservedRestore;
import io.tunetrail.operator.restore.ObservedRestore.Closed;
import io.tunetrail.operator.restore.ObservedRestore.Found;
import io.tunetrail.operator.restore.ObservedRestore.Missing;
import io.tunetrail.operator.restore.RollbackRestore;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what is known of a restore. The database's resource is read live: restores are few, and a
 * cache of all databases beside the other reconciler's would not be.
 */
final class RestoreObserver {
  private static final Set<String> CHANGING =
      Set.of(
          Task.CREATE_ALL.toString(),
          Task.MIGRATE.toString(),
          Task.UNDO.toString(),
          Task.BASELINE.toString(),
          Task.SEED.toString(),
          Task.RESTORE.toString());

  private final KubernetesClient client;
  private final LiveJobs liveJobs;
  private final RestoreCredentials credentials;
  private final PodRefusals refusals;
  private final ApprovalAdmission admission;
  private final Clock clock;

  RestoreObserver(KubernetesClient client, Clock clock) {
    this.client = client;
    this.liveJobs = new LiveJobs(client);
    this.credentials = new RestoreCredentials(new InputReader(client));
    this.refusals = new PodRefusals(client);
    this.admission = new ApprovalAdmission(client, ApprovalAdmission.OF_RESTORES, clock);
    this.clock = clock;
  }

  /**
   * What was seen, and what a Job is made of.
   *
   * @param database null where there is none
   * @param login null where there is none
   */
  record Seen(
      ObservedRestore facts,
      @Nullable TuneTrailDatabase database,
      RestoreCredentials.@Nullable Login login) {}

  /** The Jobs and pods are those that the caches have of all restores. */
  Seen observe(
      TuneTrailRestore restore,
      DesiredRestore desired,
      Collection<Job> jobs,
      Collection<Pod> pods) {
    var own =
        ObservedJobs.of(
            desired.uid(), jobs, pods, refusals.of(desired.uid(), jobs, pods, clock.instant()));
    var namespace = restore.getMetadata().getNamespace();
    var database =
        client
            .resources(TuneTrailDatabase.class)
            .inNamespace(namespace)
            .withName(desired.resource())
            .get();
    if (database == null) {
      return new Seen(facts(desired, new Missing(), own, namespace), null, null);
    }
    var login = login(restore, database);
    var found =
        new Found(
            DesiredBackup.from(database),
            newestBackup(database),
            login.way(),
            RollbackRestore.targetOf(
                database, Instant.parse(restore.getMetadata().getCreationTimestamp())));
    return new Seen(facts(desired, found, own, namespace), database, login);
  }

  private ObservedRestore facts(
      DesiredRestore desired,
      ObservedRestore.Database database,
      List<ObservedJob> own,
      String namespace) {
    return new ObservedRestore(
        clock.instant(),
        database,
        own,
        others(desired, namespace),
        desired.inPlace() && admission.isInForce(namespace));
  }

  private RestoreCredentials.Login login(TuneTrailRestore restore, TuneTrailDatabase database) {
    try {
      return credentials.login(restore, database);
    } catch (InputReader.MissingInput missing) {
      return closed(new Verdict(missing.reason(), missing.detail()));
    } catch (KubernetesClientException failure) {
      return closed(Forbidden.verdict(failure).orElseThrow(() -> failure));
    }
  }

  private static RestoreCredentials.Login closed(Verdict verdict) {
    return new RestoreCredentials.Login(new Closed(verdict), null);
  }

  private static @Nullable String newestBackup(TuneTrailDatabase database) {
    var status = database.getStatus();
    var backup = status == null ? null : status.backup();
    var newest = backup == null ? null : backup.lastSuccessful();
    return newest == null ? null : newest.name();
  }

  /** A label is too short for some names, so that the annotation decides. */
  private List<String> others(DesiredRestore desired, String namespace) {
    return liveJobs.labelled(namespace, JobLabels.MANAGED_BY, JobLabels.OPERATOR).stream()
        .filter(job -> isOfDatabase(job, desired.resource()))
        .filter(
            job ->
                CHANGING.contains(
                    requireNonNull(job.getMetadata().getLabels()).get(JobLabels.TASK)))
        .filter(job -> !ObservedJobs.ownedBy(job, desired.uid()))
        .filter(LiveJobs::isUnfinished)
        .map(job -> job.getMetadata().getName())
        .sorted()
        .toList();
  }

  private static boolean isOfDatabase(Job job, String resource) {
    var annotations = job.getMetadata().getAnnotations();
    return Stream.ofNullable(annotations)
        .anyMatch(it -> resource.equals(it.get(JobLabels.RESOURCE_NAME)));
  }
}
