package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.backup.BackupCronJob;
import io.tunetrail.operator.backup.DesiredBackup;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Verdict;
import io.tunetrail.operator.migration.JobLabels;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a resource's CronJob as it should be: made where it is missing, changed in place, put back
 * where somebody edited it, removed when it is no longer asked for.
 */
final class BackupKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(BackupKeeper.class);
  private static final int CONFLICT = 409;
  private static final Set<Integer> REFUSED = Set.of(400, 403, 422);

  private final KubernetesClient client;
  private final String image;

  /**
   * The generation that a CronJob had when it was put as it should be, by UID: every edit of its
   * spec makes another one. The API server adds defaults, so that a comparison would tell less.
   */
  private final Map<String, Long> written = new ConcurrentHashMap<>();

  BackupKeeper(KubernetesClient client, String image) {
    this.client = client;
    this.image = image;
  }

  /**
   * Puts it as it should be.
   *
   * @param cached as the cache has it; null where it has none
   * @return why it is not as it should be; empty where it is
   */
  Optional<Verdict> keep(
      TuneTrailDatabase resource, Desired desired, DesiredBackup backup, @Nullable CronJob cached) {
    try {
      return switch (backup) {
        case DesiredBackup.None _ -> removed(cached);
        case DesiredBackup.Invalid _ -> Optional.empty();
        case DesiredBackup.Scheduled scheduled ->
            kept(BackupCronJob.of(resource, desired, scheduled, image), resource, cached);
      };
    } catch (KubernetesClientException failure) {
      if (failure.getCode() == CONFLICT) {
        return Optional.empty(); // the cache soon tells what it is now
      }
      return Optional.of(refusal(failure));
    }
  }

  private static Verdict refusal(KubernetesClientException failure) {
    if (!REFUSED.contains(failure.getCode())) {
      throw failure;
    }
    return Forbidden.verdict(failure)
        .filter(it -> it.reason() == Reason.RIGHT_MISSING)
        .orElseGet(
            () ->
                new Verdict(
                    Reason.API_REFUSED,
                    "the API server refuses the CronJob: " + Forbidden.words(failure)));
  }

  private Optional<Verdict> removed(@Nullable CronJob cached) {
    if (cached != null) {
      written.remove(cached.getMetadata().getUid());
      client.resource(cached).withPropagationPolicy(DeletionPropagation.BACKGROUND).delete();
      log("removed", cached);
    }
    return Optional.empty();
  }

  private Optional<Verdict> kept(
      CronJob wanted, TuneTrailDatabase resource, @Nullable CronJob cached) {
    if (cached != null && isAsWritten(cached, wanted)) {
      return Optional.empty();
    }
    var there = client.resource(wanted).get();
    if (there == null) {
      noted("created", client.resource(wanted).create());
      return Optional.empty();
    }
    if (!isOf(there, resource.getMetadata().getUid())) {
      var name = wanted.getMetadata().getName();
      return Optional.of(
          new Verdict(
              Reason.NAME_CONFLICT, "a CronJob %s exists that is not ours".formatted(name)));
    }
    if (!isAsWritten(there, wanted)) {
      noted("updated", client.resource(at(wanted, there)).update());
    }
    return Optional.empty();
  }

  private boolean isAsWritten(CronJob there, CronJob wanted) {
    var annotations = there.getMetadata().getAnnotations();
    return annotations != null
        && Objects.equals(
            annotations.get(JobLabels.INPUTS),
            wanted.getMetadata().getAnnotations().get(JobLabels.INPUTS))
        && Objects.equals(
            there.getMetadata().getGeneration(), written.get(there.getMetadata().getUid()));
  }

  /** Nothing is written over what changed in between. */
  private static CronJob at(CronJob wanted, CronJob there) {
    return new CronJobBuilder(wanted)
        .editMetadata()
        .withResourceVersion(there.getMetadata().getResourceVersion())
        .withUid(there.getMetadata().getUid())
        .endMetadata()
        .build();
  }

  private void noted(String what, CronJob cronJob) {
    written.put(cronJob.getMetadata().getUid(), cronJob.getMetadata().getGeneration());
    log(what, cronJob);
  }

  private static void log(String what, CronJob cronJob) {
    var annotations =
        Objects.requireNonNullElse(
            cronJob.getMetadata().getAnnotations(), Map.<String, String>of());
    var line = LOG.atInfo().addKeyValue("namespace", cronJob.getMetadata().getNamespace());
    line = ChangeLog.add(line, "name", annotations.get(JobLabels.RESOURCE_NAME));
    line.log("{} CronJob {}", what, cronJob.getMetadata().getName());
  }

  /** Whether a CronJob is a resource's own, and not one of an earlier resource of its name. */
  static boolean isOf(CronJob cronJob, String uid) {
    return cronJob.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> owner.getUid().equals(uid));
  }
}
