package io.tunetrail.operator.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailRestore;
import io.tunetrail.operator.lifecycle.DatabaseFacts;
import io.tunetrail.operator.lifecycle.DatabaseFacts.Activity;
import io.tunetrail.operator.lifecycle.DatabaseFacts.Replication;
import io.tunetrail.operator.lifecycle.DatabaseFacts.SlowStatements;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.SchemaDrift;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.lifecycle.WriteAccess;
import java.util.List;
import java.util.Map;

/** Resources of which everything can be told, and restores. */
final class TestResources {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private TestResources() {}

  static TuneTrailDatabase waiting(String name) {
    return read(
        TuneTrailDatabase.class,
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailDatabase
        metadata: {name: %1$s, namespace: music, uid: uid-of-%1$s, generation: 3}
        spec:
          edition: saas
          environment: production
          connection: {secretRef: {name: karaoke-db}}
          schema: {flyway: {configMaps: [{name: karaoke}]}}
          backup: {schedule: "0 3 * * *", storage: {persistentVolumeClaim: {claimName: backups}}}
        status:
          edition: saas
          environment: production
          initializationMethod: flyway
          migrationVersion: "7"
          targetVersion: "9"
          pendingCount: 2
          tableCount: 12
          lastMigration:
            job: karaoke-migrate-1
            task: migrate
            outcome: Done
            started: "2026-05-01T11:59:00Z"
            finished: "2026-05-01T12:00:00Z"
          backup:
            lastSuccessful: {name: b, time: "2026-05-01T03:00:00Z", size: 3 MB, duration: 3m20s, location: c/b.dump, sizeBytes: 2874001}
            lastFailure: {job: j, time: "2026-04-30T03:00:00Z", reason: BackupFailed, message: m}
            lastVerified: {name: b, time: "2026-05-01T03:10:00Z", duration: 9s, tables: 3, rows: 100}
            lastVerificationFailure: {name: a, job: j, time: "2026-04-30T03:00:00Z", reason: BackupDamaged, message: m}
            failuresSince: 0
            nextRun: "2026-05-02T03:00:00Z"
            missedRuns: 1
          conditions:
            - {type: Ready, status: "False", reason: AwaitingApproval, message: m, lastTransitionTime: "2026-05-01T12:00:10Z"}
            - {type: DatabaseReachable, status: "True", reason: Answered, message: m, lastTransitionTime: "2026-05-01T11:00:00Z"}
            - {type: Approved, status: "False", reason: AwaitingApproval, message: m, lastTransitionTime: "2026-05-01T12:00:10Z"}
            - {type: Drifted, status: Unknown, reason: NotRecorded, message: m, lastTransitionTime: "2026-05-01T11:00:00Z"}
        """
            .formatted(name));
  }

  /** Of database karaoke, asked for at 10:00; the last of its Jobs ended at 10:05. */
  static TuneTrailRestore restore(String name, String phase, String reason) {
    return read(
        TuneTrailRestore.class,
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailRestore
        metadata: {name: %1$s, namespace: music, uid: uid-of-%1$s, generation: 1, creationTimestamp: "2026-05-01T10:00:00Z"}
        spec: {databaseRef: {name: karaoke}, backup: {latest: Any}, into: {newDatabase: karaoke_back}}
        status:
          phase: %2$s
          finished: "2026-05-01T10:05:00Z"
          conditions:
            - {type: Ready, status: "%4$s", reason: %3$s, message: m, lastTransitionTime: "2026-05-01T10:00:01Z"}
            - {type: Reconciling, status: "False", reason: %3$s, message: "", lastTransitionTime: "2026-05-01T10:05:00Z"}
        """
            .formatted(name, phase, reason, phase.equals("Restored") ? "True" : "False"));
  }

  private static <T> T read(Class<T> type, String yaml) {
    try {
      return YAML.readValue(yaml, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(yaml, e);
    }
  }

  static Look.Seen seen() {
    return new Look.Seen(
        new DatabaseFacts(
            "identity",
            "server",
            180004,
            false,
            false,
            8_123_456,
            12,
            null,
            List.of("public.songs_idx"),
            null,
            null,
            null,
            null,
            null,
            List.of(),
            true,
            null,
            new SchemaState.CreateAll(null),
            SchemaDrift.not(SchemaDrift.State.UNRECORDED),
            List.of(),
            new Activity(
                Map.of("active", 3, "idle", 20),
                new SlowStatements(4, 1500),
                new Replication(2, 0.5, 4096L),
                null),
            WriteAccess.WRITABLE));
  }
}
