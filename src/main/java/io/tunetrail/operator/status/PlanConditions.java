package io.tunetrail.operator.status;

import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.Observed;
import io.tunetrail.operator.lifecycle.Plan;
import io.tunetrail.operator.lifecycle.Verdict;
import java.util.List;
import java.util.Objects;

/** What a plan says by conditions; those that could not be seen stay as they were. */
record PlanConditions(Desired desired, Observed observed, Plan plan, Verdict verdict) {
  /** Bytes of UTF-8; enough for two names of the greatest length. */
  private static final int LONGEST_LIST = 160;

  List<Condition> with(DriftReport drift, Conditions conditions) {
    var kind = verdict.reason().kind();
    var reason = verdict.reason().toString();
    var message = verdict.message();
    boolean reconciling = kind == Reason.Kind.WORKING || kind == Reason.Kind.HEALING;
    boolean stalled = kind == Reason.Kind.STALLED;
    conditions
        .set(Conditions.READY, kind == Reason.Kind.READY, reason, message)
        .set(Conditions.RECONCILING, reconciling, reason, reconciling ? message : "")
        .set(Conditions.STALLED, stalled, reason, stalled ? message : "");
    reachable(conditions);
    schemaCurrent(conditions);
    if (desired.gated()) {
      approved(conditions);
    }
    drift.condition(conditions);
    invalidIndexes(conditions);
    monitored(conditions);
    return conditions.list();
  }

  /** Beside all else: no migration waits for who measures. */
  private void monitored(Conditions conditions) {
    if (!(observed.look() instanceof Look.Seen seen)) {
      conditions.keep(Conditions.MONITORED);
      return;
    }
    var login = seen.facts().activity().monitoring();
    if (login == null) {
      return;
    }
    if (login.obstacle() == null) {
      conditions.set(
          Conditions.MONITORED, true, "Measured", "the login for monitoring measures what goes on");
    } else {
      var why =
          new Verdict(
              Reason.MONITORING_FAILED,
              "the login for monitoring found nothing: " + login.obstacle());
      conditions.set(Conditions.MONITORED, false, why.reason().toString(), why.message());
    }
  }

  /** Said whatever else is: what failed, or is pending, need not have to do with them. */
  private void invalidIndexes(Conditions conditions) {
    if (!(observed.look() instanceof Look.Seen seen)) {
      conditions.keep(Conditions.INDEXES_INVALID);
    } else if (!seen.facts().invalidIndexes().isEmpty()) {
      var names = Verdict.shortened(String.join(", ", seen.facts().invalidIndexes()), LONGEST_LIST);
      conditions.set(
          Conditions.INDEXES_INVALID,
          true,
          "InvalidIndexes",
          "these indexes are invalid, as a failed CREATE INDEX CONCURRENTLY leaves them: %s. Drop them and make them again, or run REINDEX INDEX CONCURRENTLY."
              .formatted(names));
    }
  }

  private void reachable(Conditions conditions) {
    switch (observed.look()) {
      case Look.Seen _ ->
          conditions.set(Conditions.DATABASE_REACHABLE, true, "Reachable", "the database answers");
      case Look.Due _, Look.UnderWay _ ->
          conditions.unknown(Conditions.DATABASE_REACHABLE, verdict.reason(), verdict.message());
      case Look.Unseen unseen -> {
        var message = new Verdict(unseen.reason(), unseen.detail()).message();
        if (!unseen.wasAsked()) {
          conditions.unknown(Conditions.DATABASE_REACHABLE, unseen.reason(), message);
        } else {
          conditions.set(Conditions.DATABASE_REACHABLE, false, unseen.reason().toString(), message);
        }
      }
    }
  }

  private void schemaCurrent(Conditions conditions) {
    if (verdict.reason() == Reason.UP_TO_DATE) {
      conditions.set(
          Conditions.SCHEMA_CURRENT, true, verdict.reason().toString(), verdict.detail());
    } else if (verdict.reason() == Reason.SEEDING || verdict.reason() == Reason.SEED_FAILED) {
      conditions.set(
          Conditions.SCHEMA_CURRENT,
          true,
          Reason.UP_TO_DATE.toString(),
          "the schema is current; fixtures come after it");
    } else if (plan.progress() == null) {
      conditions.keep(Conditions.SCHEMA_CURRENT);
    } else {
      conditions.set(
          Conditions.SCHEMA_CURRENT, false, verdict.reason().toString(), verdict.detail());
    }
  }

  private void approved(Conditions conditions) {
    var progress = plan.progress();
    if (progress == null) {
      conditions.keep(Conditions.APPROVED);
    } else if (plan.gateClosed()) {
      conditions.set(Conditions.APPROVED, false, verdict.reason().toString(), verdict.message());
    } else if (progress.pending().isEmpty()) {
      conditions.set(Conditions.APPROVED, true, "NothingPending", "nothing waits for an approval");
    } else if (plan.approval() != null && desired.approval() != null) {
      conditions.set(Conditions.APPROVED, true, "Approved", approver());
    } else {
      conditions.keep(Conditions.APPROVED);
    }
  }

  private String approver() {
    var approval = Objects.requireNonNull(desired.approval());
    return approval.approvedBy() == null
        ? "version %s is approved".formatted(approval.version())
        : "version %s is approved by %s%s"
            .formatted(
                approval.version(),
                approval.approvedBy(),
                observed.approversKnown() ? "" : " (unverified)");
  }
}
