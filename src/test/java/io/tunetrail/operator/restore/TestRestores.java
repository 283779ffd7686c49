package io.tunetrail.operator.restore;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailRestore;

/** A restore and the database that it is of. */
public final class TestRestores {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /** A way back into a database of its own. */
  public static final String AFRESH = "backup: {latest: Verified}, into: {newDatabase: songs_back}";

  /** A way back that takes the live one's place. */
  public static final String IN_PLACE =
      "backup: {name: songs-1}, into: {inPlace: {}}, admin: {secretRef: {name: admin}, role: dba}";

  private TestRestores() {}

  /** The restore {@code back} of database {@code songs}, with these fields of its spec. */
  public static TuneTrailRestore restore(String fields) {
    return read(
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailRestore
        metadata: {name: back, namespace: music, uid: 5a3b1c2d-0000-4000-8000-000000000002, generation: 1}
        spec: {databaseRef: {name: songs}, %s}
        """
            .formatted(fields),
        TuneTrailRestore.class);
  }

  /** The database {@code songs}, with these fields of its spec. */
  public static TuneTrailDatabase database(String fields) {
    return read(
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailDatabase
        metadata: {name: songs, namespace: music, uid: 5a3b1c2d-0000-4000-8000-000000000001, generation: 3}
        spec:
          edition: commercial
          environment: production
          connection: {secretRef: {name: songs-db}, caRef: {configMap: {name: pg-ca, key: ca.crt}}}
          schema: {flyway: {configMaps: [{name: songs}]}}
          approval: {version: "4", approvedBy: whoever-approved-a-migration}
          %s
        """
            .formatted(fields),
        TuneTrailDatabase.class);
  }

  /** With backups in a volume. */
  public static TuneTrailDatabase backedUp() {
    return database(
        "backup: {schedule: '0 3 * * *', storage: {persistentVolumeClaim: {claimName: backups}}}");
  }

  private static <T> T read(String yaml, Class<T> type) {
    try {
      return YAML.readValue(yaml, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(yaml, e);
    }
  }
}
