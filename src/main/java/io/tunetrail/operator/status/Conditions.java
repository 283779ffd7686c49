package io.tunetrail.operator.status;

import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Conditions in the Kubernetes convention; a condition's time moves only when its status does. */
public final class Conditions {
  public static final String READY = "Ready";
  public static final String RECONCILING = "Reconciling";
  public static final String STALLED = "Stalled";
  public static final String DATABASE_REACHABLE = "DatabaseReachable";
  public static final String SCHEMA_CURRENT = "SchemaCurrent";
  public static final String APPROVED = "Approved";
  public static final String DRIFTED = "Drifted";
  public static final String INDEXES_INVALID = "IndexesInvalid";
  public static final String MONITORED = "Monitored";
  public static final String BACKUP_HEALTHY = "BackupHealthy";

  private final List<Condition> previous;
  private final List<Condition> next = new ArrayList<>();
  private final long generation;
  private final String now;

  Conditions(@Nullable List<Condition> previous, long generation, Instant now) {
    this.previous = previous == null ? List.of() : previous;
    this.generation = generation;
    this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** The condition of a type, where the list has it. */
  public static Optional<Condition> find(@Nullable List<Condition> conditions, String type) {
    return conditions == null
        ? Optional.empty()
        : conditions.stream().filter(it -> it.type().equals(type)).findFirst();
  }

  public static boolean isTrue(@Nullable List<Condition> conditions, String type) {
    return find(conditions, type).map(it -> it.status().equals("True")).orElse(false);
  }

  Conditions set(String type, boolean status, String reason, String message) {
    return set(type, status ? "True" : "False", reason, message);
  }

  Conditions unknown(String type, Reason reason, String message) {
    return set(type, "Unknown", reason.toString(), message);
  }

  /** Leaves a condition as it was; where there was none, there is none. */
  Conditions keep(String type) {
    find(previous, type).ifPresent(next::add);
    return this;
  }

  List<Condition> list() {
    return List.copyOf(next);
  }

  Conditions set(String type, String status, String reason, String message) {
    var since =
        find(previous, type)
            .filter(it -> it.status().equals(status))
            .map(Condition::lastTransitionTime)
            .orElse(now);
    next.add(new Condition(type, status, reason, message, since, generation));
    return this;
  }
}
