package io.tunetrail.operator.cli;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.PendingMigration;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.status.Conditions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A resource as the API server has it.
 *
 * @param extras of its status, which an operator of another version may not tell
 * @param json all of it but the field managers
 */
record Database(TuneTrailDatabase resource, Extras extras, JsonNode json) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What of the status is read by its names alone. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Extras(
      @Nullable PlanSummary plan,
      @Nullable DriftSummary drift,
      @Nullable List<PastMigration> history) {
    private static final Extras NONE = new Extras(null, null, null);
  }

  /**
   * What is told of the plan.
   *
   * @param digest what an approval names
   * @param configMap the name of the first that holds it
   * @param destructive null: not analysed
   * @param warnings null: not analysed
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record PlanSummary(
      @Nullable String digest,
      @Nullable String configMap,
      @Nullable String from,
      @Nullable String target,
      @Nullable Integer statements,
      @Nullable Boolean destructive,
      @Nullable Integer warnings,
      @Nullable String image) {}

  /**
   * What differs from the schema that was recorded after the last migration.
   *
   * @param count of all; the lists may be cut
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record DriftSummary(
      @Nullable String recordedAt,
      @Nullable Integer count,
      @Nullable List<String> added,
      @Nullable List<String> removed,
      @Nullable List<String> changed) {}

  /** One work on the database; times are RFC 3339. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record PastMigration(
      @Nullable String job,
      @Nullable String task,
      @Nullable String outcome,
      @Nullable String from,
      @Nullable String to,
      @Nullable String started,
      @Nullable String finished,
      @Nullable String message,
      @Nullable String approvedBy,
      @Nullable String approvalDigest,
      @Nullable String duration,
      @Nullable String requestedBy) {}

  /** Reads the object's JSON. */
  static Database of(String text) {
    try {
      var json = JSON.readTree(text);
      if (json.path("metadata") instanceof ObjectNode metadata) {
        metadata.remove("managedFields");
      }
      var resource = Serialization.unmarshal(text, TuneTrailDatabase.class);
      return new Database(resource, extras(json.path("status")), json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** What can't be read as expected is as good as absent: the rest is worth to be shown. */
  private static Extras extras(JsonNode status) {
    try {
      return status.isObject() ? JSON.treeToValue(status, Extras.class) : Extras.NONE;
    } catch (JsonProcessingException e) {
      return Extras.NONE;
    }
  }

  String name() {
    return resource.getMetadata().getName();
  }

  String namespace() {
    return Objects.requireNonNullElse(resource.getMetadata().getNamespace(), "default");
  }

  /** Null before the operator's first word. */
  @Nullable TuneTrailDatabaseStatus status() {
    var status = resource.getStatus();
    return status == null
            || Objects.equals(status.observedGeneration(), TuneTrailDatabaseStatus.UNOBSERVED)
        ? null
        : status;
  }

  /** Whether the status is about the spec as it is now. */
  boolean isSeen() {
    var status = resource.getStatus();
    return status != null
        && Objects.equals(status.observedGeneration(), resource.getMetadata().getGeneration());
  }

  Optional<Condition> condition(String type) {
    var status = resource.getStatus();
    return status == null ? Optional.empty() : Conditions.find(status.conditions(), type);
  }

  boolean isReady() {
    return condition(Conditions.READY).filter(it -> it.status().equals("True")).isPresent();
  }

  /** Of the condition Ready; empty before the operator's first word, and for one not known here. */
  Optional<Reason> reason() {
    return condition(Conditions.READY)
        .flatMap(
            ready ->
                Stream.of(Reason.values())
                    .filter(it -> it.toString().equals(ready.reason()))
                    .findFirst());
  }

  /** Whether an approval is what it waits for. */
  boolean awaitsApproval() {
    var ready = condition(Conditions.READY).map(Condition::reason);
    boolean gated = reason().map(it -> it.kind() == Reason.Kind.GATED).orElse(true);
    return ready.isPresent()
        && gated
        && condition(Conditions.APPROVED)
            .filter(it -> it.status().equals("False") && ready.get().equals(it.reason()))
            .isPresent();
  }

  List<PendingMigration> pending() {
    var status = resource.getStatus();
    return status == null || status.pending() == null ? List.of() : status.pending();
  }

  /** Newest first. */
  List<PastMigration> history() {
    var listed = extras.history();
    if (listed != null && !listed.isEmpty()) {
      return listed;
    }
    var status = resource.getStatus();
    var last = status == null ? null : status.lastMigration();
    return last == null
        ? List.of()
        : List.of(
            new PastMigration(
                last.job(),
                null,
                last.outcome(),
                last.from(),
                last.to(),
                last.started(),
                last.finished(),
                last.message(),
                last.approvedBy(),
                null,
                null,
                null));
  }

  /** An annotation's value; null where there is none. */
  @Nullable String annotation(String key) {
    var annotations = resource.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(key);
  }
}
