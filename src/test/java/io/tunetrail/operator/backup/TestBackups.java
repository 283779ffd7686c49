package io.tunetrail.operator.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.lifecycle.ObservedJob;
import io.tunetrail.operator.lifecycle.ObservedJob.Ended;
import io.tunetrail.operator.lifecycle.ObservedJob.Running;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Report;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A resource with backups, and Jobs of its CronJob. */
final class TestBackups {
  static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String UID = "5a3b1c2d-0000-4000-8000-000000000001";

  private TestBackups() {}

  /** The resource, with the fields of spec.backup given as {@code name: value, …}. */
  static TuneTrailDatabase resource(String name, String fields) {
    try {
      return YAML.readValue(
          """
          apiVersion: tunetrail.io/v1alpha1
          kind: TuneTrailDatabase
          metadata: {name: %s, namespace: music, uid: %s, generation: 3}
          spec:
            edition: community
            environment: production
            connection: {secretRef: {name: karaoke-db}, caRef: {configMap: {name: pg-ca, key: ca.crt}}}
            schema: {createAll: {configMaps: [{name: karaoke}]}}
            backup: {%s}
          """
              .formatted(name, UID, fields),
          TuneTrailDatabase.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no fields of spec.backup: " + fields, e);
    }
  }

  static DesiredBackup desired(String schedule, String zone) {
    return desired(schedule, zone, false);
  }

  static DesiredBackup desired(String schedule, String zone, boolean suspend) {
    return DesiredBackup.from(
        resource(
            "karaoke",
            "schedule: '%s', timeZone: %s, suspend: %s, storage: {persistentVolumeClaim: {claimName: c}}"
                .formatted(schedule, zone, suspend)));
  }

  /** One that ended well, a minute after its time. */
  static ObservedBackup made(String slot, String... removed) {
    var at = Instant.parse(slot).plusSeconds(60);
    var backup =
        new BackupReport(
            "karaoke-" + slot,
            "c/karaoke/" + slot + ".dump",
            3_000_000,
            "ab",
            List.of(removed),
            removed.length);
    var report =
        new Report(
            Outcome.DONE,
            "7",
            "7",
            0,
            null,
            at.minusSeconds(50).toString(),
            at.toString(),
            backup,
            null,
            null);
    return ended(slot, new Ended(Outcome.DONE, at, null, report));
  }

  static ObservedBackup failed(String slot, Outcome outcome, String detail) {
    return ended(slot, new Ended(outcome, Instant.parse(slot).plusSeconds(60), detail, null));
  }

  static ObservedBackup running(String slot) {
    return ended(slot, new Running());
  }

  static ObservedBackup ended(@Nullable String slot, ObservedJob.State state) {
    var job = new ObservedJob("karaoke-backup-" + slot, Task.BACKUP, "", 0, null, state);
    var at = Instant.parse(String.valueOf(slot));
    return new ObservedBackup(job, at, at);
  }
}
