package io.tunetrail.operator.status;

import io.tunetrail.operator.api.DriftStatus;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.RecordedSchemaStatus;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import io.tunetrail.operator.lifecycle.DatabaseFacts;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.DriftCheck;
import io.tunetrail.operator.lifecycle.DriftMemory;
import io.tunetrail.operator.lifecycle.SchemaDrift;
import io.tunetrail.operator.lifecycle.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a status says of changes that no work made.
 *
 * @param facts null where the database was not seen
 */
record DriftReport(
    TuneTrailDatabaseStatus before, Desired desired, @Nullable DatabaseFacts facts, Instant now) {

  /** Bytes of UTF-8 of the differences in a message; status.drift names more. */
  private static final int LONGEST_DETAIL = 250;

  /** Bytes of UTF-8 of each name. */
  private static final int LONGEST_NAME = 100;

  @Nullable String schemaDigest() {
    var drift = facts == null ? null : drift(facts);
    return drift == null || drift.digest() == null ? before.schemaDigest() : drift.digest();
  }

  @Nullable DriftStatus status() {
    var drift = facts == null ? null : drift(facts);
    if (drift == null || drift.digest() == null) {
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

  /** The first look where a record can't be compared with makes another one. */
  @Nullable RecordedSchemaStatus recordedSchema() {
    if (facts == null) {
      return before.recordedSchema();
    }
    var drift = facts.drift();
    return switch (drift.state()) {
      case UNDER_WAY, UNREAD -> before.recordedSchema();
      case COMPARED, UNRECORDED, UNFINISHED -> null;
      case OTHER_SERVER, OTHER_FORMAT ->
          !drift(facts).isRecordedElsewhere()
              ? before.recordedSchema()
              : new RecordedSchemaStatus(
                  Objects.requireNonNull(drift.recorded()),
                  facts.serverMajor(),
                  Objects.requireNonNull(drift.digest()),
                  now.toString());
    };
  }

  private SchemaDrift drift(DatabaseFacts seen) {
    return seen.drift(DriftMemory.of(before));
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
    var drift = drift(facts);
    switch (drift.state()) {
      case COMPARED -> compared(conditions, new DriftCheck(desired, drift));
      case UNDER_WAY, UNREAD -> conditions.keep(Conditions.DRIFTED);
      case UNRECORDED -> {}
      case UNFINISHED ->
          conditions.set(
              Conditions.DRIFTED,
              "Unknown",
              "WorkUnfinished",
              "the last work did not end well, so what it did can't be told from what others did");
      case OTHER_SERVER, OTHER_FORMAT ->
          conditions.set(Conditions.DRIFTED, false, "RecordedAnew", anew(drift));
    }
  }

  private static String anew(SchemaDrift drift) {
    var names =
        Stream.of(
                drift.added().stream().map(it -> it + " is new"),
                drift.removed().stream().map(it -> it + " is gone"))
            .flatMap(it -> it)
            .toList();
    return Verdict.shortened(
        "the last work's record is of another major version of PostgreSQL, or of another release of"
            + " the operator; what this look found is recorded anew"
            + (names.isEmpty() ? "" : ". By their names: " + String.join("; ", names)),
        LONGEST_DETAIL);
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
