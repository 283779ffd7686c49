package io.tunetrail.operator.reconcile;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.status.Announcement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of changes by Kubernetes Events and one log line each: each decision once, however often
 * its status had to be written. An Event that can't be written stops nothing.
 */
final class EventPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);

  /** The API server refuses longer notes. */
  private static final int LONGEST_MESSAGE = 1_024;

  private final KubernetesClient client;
  private final EventBudget budget = new EventBudget();

  EventPublisher(KubernetesClient client) {
    this.client = client;
  }

  /** Tells of a change of a resource's status, from the one that it has. */
  void publish(CustomResource<?, ?> resource, Announcement announcement, Instant now) {
    publish(resource, announcement, null, now);
  }

  /**
   * The same.
   *
   * @param job that it is about; null where there is none
   */
  void publish(
      CustomResource<?, ?> resource, Announcement announcement, @Nullable String job, Instant now) {
    var uid = resource.getMetadata().getUid();
    var admission = budget.admit(uid, resource.getStatus(), announcement, now);
    if (admission == EventBudget.Admission.TOLD_BEFORE) {
      return;
    }
    var line = ChangeLog.of(LOG, resource).addKeyValue("reason", announcement.reason());
    line = ChangeLog.add(line, "job", job);
    line.log(announcement.message());
    if (admission == EventBudget.Admission.NEWS) {
      create(resource, announcement, now);
    }
  }

  private void create(HasMetadata resource, Announcement announcement, Instant now) {
    var metadata = resource.getMetadata();
    var time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withGenerateName(stem(metadata.getName()))
            .withNamespace(metadata.getNamespace())
            .endMetadata()
            .withNewInvolvedObject()
            .withApiVersion(resource.getApiVersion())
            .withKind(resource.getKind())
            .withNamespace(metadata.getNamespace())
            .withName(metadata.getName())
            .withUid(metadata.getUid())
            .endInvolvedObject()
            .withType(announcement.warning() ? "Warning" : "Normal")
            .withReason(announcement.reason())
            .withMessage(bounded(announcement.message()))
            .withNewSource()
            .withComponent(JobLabels.OPERATOR)
            .endSource()
            .withReportingComponent(JobLabels.OPERATOR)
            .withReportingInstance(JobLabels.OPERATOR)
            .withFirstTimestamp(time)
            .withLastTimestamp(time)
            .withCount(1)
            .build();
    try {
      client.resource(event).create();
    } catch (KubernetesClientException e) {
      LOG.warn(
          "could not write an Event for {}/{}: {}",
          metadata.getNamespace(),
          metadata.getName(),
          e.getMessage());
    }
  }

  private static String stem(String name) {
    return (name.length() <= 200 ? name : name.substring(0, 200)) + "-";
  }

  private static String bounded(String message) {
    return message.length() <= LONGEST_MESSAGE
        ? message
        : message.substring(0, LONGEST_MESSAGE - 1) + "…";
  }
}
