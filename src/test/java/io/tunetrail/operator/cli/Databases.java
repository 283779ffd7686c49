package io.tunetrail.operator.cli;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;

/** Resources as the API server has them, by the fields that matter. */
final class Databases {
  private static final String APPROVED =
      ", {type: Approved, status: 'False', reason: AwaitingApproval, message: '',"
          + " lastTransitionTime: '2026-01-01T00:00:00Z', observedGeneration: 2}";

  private Databases() {}

  /** A commercial one in production, at generation 2, with a status and a condition Ready. */
  static Database karaoke(String status, String ready, String reason, String message) {
    return of("production", status, ready, reason, message, "");
  }

  /**
   * Any.
   *
   * @param status fields of the status, as YAML in one line
   * @param more fields of the spec, likewise
   */
  static Database of(
      String environment, String status, String ready, String reason, String message, String more) {
    return of(
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailDatabase
        metadata: {name: karaoke, namespace: songs, generation: 2, resourceVersion: "7", uid: u}
        spec: {edition: commercial, environment: %s, targetVersion: latest, connection: {secretRef: {name: karaoke}},
          schema: {flyway: {configMaps: [{name: karaoke}]}}%s}
        status: {%sinitializationMethod: flyway, conditions: [
          {type: Ready, status: "%s", reason: %s, message: "%s", lastTransitionTime: "2026-01-01T00:00:00Z", observedGeneration: 2}%s]%s}
        """
            .formatted(
                environment,
                more.isEmpty() ? "" : ", " + more,
                status.contains("observedGeneration") ? "" : "observedGeneration: 2, ",
                ready,
                reason,
                message,
                reason.equals("AwaitingApproval") ? APPROVED : "",
                status.isEmpty() ? "" : ", " + status));
  }

  /** By its YAML. */
  static Database of(String yaml) {
    return Database.of(Serialization.asJson(Serialization.unmarshal(yaml, Map.class)));
  }
}
