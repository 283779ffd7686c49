package io.tunetrail.operator.status;

import io.tunetrail.operator.api.DriftStatus;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.lifecycle.DatabaseFacts;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.DriftCheck;
import io.tunetrail.operator.lifecycle.SchemaDrift;
import io.tunetrail.operator.lifecycle.Verdict;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a status says of changes that no work made.
 *
 * @param facts null where the database was not seen
 */
record DriftReport(TuneTrailDatabaseStatus before, Desired desired, @Nullable DatabaseFacts facts) {

  /** Bytes of UTF-8 of the differences in a message; status.drift names more. */
  private static final int LONGEST_DETAIL = 250;

  /** Bytes of UTF-8 of each name. */
  private static final int LONGEST_NAME = 100;

  @Nullable String schemaDigest() {
    var drift = compared();
    return drift == null ? before.schemaDigest() : drift.digest();
  }

  @Nullable DriftStatus status() {
    var drift = compared();
    if (drift == null) {
      return before.drift();
    }
    return drift.found()
        ? new DriftStatus(
            Objects.requireNonNull(drift.recorded()),
            drift.recordedAt(),
            drift.count(),
            shown(drift.added()),
            shown(drift.removed()),
            shown(drift.changed()))
        : null;
  }

  private @Nullable SchemaDrift compared() {
    return facts != null && facts.drift().state() == SchemaDrift.State.COMPARED
        ? facts.drift()
        : null;
  }

  private static @Nullable List<String> shown(List<String> names) {
    return names.isEmpty()
        ? null
        : names.stream().map(it -> Verdict.shortened(it, LONGEST_NAME)).toList();
  }

  void condition(Conditions conditions) {
    if (facts == null) {
      conditions.keep(Conditions.DRIFTED);
      return;
    }
    switch (facts.drift().state()) {
      case COMPARED -> compared(conditions, new DriftCheck(desired, facts.drift()));
      case UNDER_WAY, UNREAD -> conditions.keep(Conditions.DRIFTED);
      case UNRECORDED -> {}
      case UNFINISHED ->
          conditions.set(
              Conditions.DRIFTED,
              "Unknown",
              "WorkUnfinished",
              "the last work did not end well, so what it did can't be told from what others did");
      case OTHER_SERVER, OTHER_FORMAT ->
          conditions.set(
              Conditions.DRIFTED,
              "Unknown",
              "RecordedOtherwise",
              "the schema was recorded on another major version of PostgreSQL, or by another"
                  + " release of the operator; the next work records it anew");
    }
  }

  private static void compared(Conditions conditions, DriftCheck check) {
    if (!check.drift().found()) {
      conditions.set(
          Conditions.DRIFTED, false, "AsRecorded", "the schema is as the last work left it");
    } else if (check.isAccepted()) {
      conditions.set(
          Conditions.DRIFTED,
          false,
          "DriftAccepted",
          Verdict.shortened("accepted by spec.drift.accept: " + check.detail(), LONGEST_DETAIL));
    } else {
      var verdict =
          new Verdict(Reason.SCHEMA_DRIFTED, Verdict.shortened(check.detail(), LONGEST_DETAIL));
      conditions.set(Conditions.DRIFTED, true, verdict.reason().toString(), verdict.message());
    }
  }
}
