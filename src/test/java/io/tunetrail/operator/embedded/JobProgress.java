package io.tunetrail.operator.embedded;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;

/**
 * Writes what becomes of a Job and its one pod into the API; what was deleted meanwhile is left
 * alone.
 */
final class JobProgress {
  private final KubernetesClient client;
  private final Job job;
  private final String podName;
  private final Instant started;

  JobProgress(KubernetesClient client, Job job, String podName, Instant started) {
    this.client = client;
    this.job = job;
    this.podName = podName;
    this.started = started;
  }

  /** The pod of the Job's template, owned by the Job. */
  Pod createPod(Container container) {
    var template = job.getSpec().getTemplate();
    var pod =
        new PodBuilder()
            .withMetadata(template.getMetadata())
            .editOrNewMetadata()
            .withName(podName)
            .withNamespace(job.getMetadata().getNamespace())
            .addToLabels("job-name", job.getMetadata().getName())
            .addToLabels("batch.kubernetes.io/job-name", job.getMetadata().getName())
            .addToLabels("batch.kubernetes.io/controller-uid", job.getMetadata().getUid())
            .addNewOwnerReference()
            .withApiVersion("batch/v1")
            .withKind("Job")
            .withName(job.getMetadata().getName())
            .withUid(job.getMetadata().getUid())
            .withController(true)
            .withBlockOwnerDeletion(true)
            .endOwnerReference()
            .endMetadata()
            .withSpec(template.getSpec())
            .withStatus(PodPhase.pending(container))
            .build();
    return client.resource(pod).create();
  }

  void deletePod() {
    client.pods().inNamespace(job.getMetadata().getNamespace()).withName(podName).delete();
  }

  void pod(PodStatus status) {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(podName)
            .withNamespace(job.getMetadata().getNamespace())
            .endMetadata()
            .withStatus(status)
            .build();
    unlessDeleted(() -> client.resource(pod).patchStatus());
  }

  /** A warning event on the pod, as the kubelet's. */
  void warn(Pod pod, String reason, String message) {
    var now = PodPhase.text(Instant.now());
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withName(podName + "." + Long.toHexString(System.nanoTime()))
            .withNamespace(pod.getMetadata().getNamespace())
            .endMetadata()
            .withType("Warning")
            .withReason(reason)
            .withMessage(message)
            .withNewInvolvedObject()
            .withApiVersion("v1")
            .withKind("Pod")
            .withName(podName)
            .withNamespace(pod.getMetadata().getNamespace())
            .withUid(pod.getMetadata().getUid())
            .endInvolvedObject()
            .withNewSource()
            .withComponent("kubelet")
            .endSource()
            .withFirstTimestamp(now)
            .withLastTimestamp(now)
            .withCount(1)
            .build();
    unlessDeleted(() -> client.resource(event).create());
  }

  void active(int ready) {
    write(status().withActive(1).withReady(ready));
  }

  void complete() {
    var now = PodPhase.text(Instant.now());
    write(
        status()
            .withActive(0)
            .withReady(0)
            .withSucceeded(1)
            .withCompletionTime(now)
            .withConditions(
                condition(
                    "Complete",
                    "CompletionsReached",
                    "Reached expected number of succeeded pods",
                    now)));
  }

  /** The Job's last word, with a reason of the Job controller's. */
  void failed(String reason, String message) {
    var now = PodPhase.text(Instant.now());
    write(
        status()
            .withActive(0)
            .withReady(0)
            .withFailed(1)
            .withConditions(condition("Failed", reason, message, now)));
  }

  private static JobCondition condition(String type, String reason, String message, String now) {
    return new JobConditionBuilder()
        .withType(type)
        .withStatus("True")
        .withReason(reason)
        .withMessage(message)
        .withLastProbeTime(now)
        .withLastTransitionTime(now)
        .build();
  }

  private JobStatusBuilder status() {
    return new JobStatusBuilder().withStartTime(PodPhase.text(started));
  }

  private void write(JobStatusBuilder status) {
    var written =
        new JobBuilder()
            .withNewMetadata()
            .withName(job.getMetadata().getName())
            .withNamespace(job.getMetadata().getNamespace())
            .withUid(job.getMetadata().getUid())
            .endMetadata()
            .withStatus(status.build())
            .build();
    unlessDeleted(() -> client.resource(written).patchStatus());
  }

  private static void unlessDeleted(Runnable write) {
    try {
      write.run();
    } catch (KubernetesClientException e) {
      // 409: another object has the name by now.
      if (e.getCode() != 404 && e.getCode() != 409) {
        throw e;
      }
    }
  }
}
