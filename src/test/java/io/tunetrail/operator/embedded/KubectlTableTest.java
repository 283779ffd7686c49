package io.tunetrail.operator.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.tunetrail.operator.api.TuneTrailDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubectlTableTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:12Z");

  @Test
  void columns_are_padded_by_three_and_missing_values_left_blank() {
    var table =
        new KubectlTable(
            List.of(
                new PrinterColumn("Edition", "string", ".spec.edition"),
                new PrinterColumn("Tables", "integer", ".status.tableCount"),
                new PrinterColumn(
                    "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status"),
                new PrinterColumn("Age", "date", ".metadata.creationTimestamp")));

    assertThat(table.print(List.of(database(), fresh()), NOW))
        .isEqualTo(
            """
            NAME      EDITION      TABLES   READY   AGE
            karaoke   commercial   5        True    12s
            k         community                     0s\
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "119, 119s",
    "120, 2m",
    "200, 3m20s",
    "3540, 59m",
    "10800, 3h",
    "18180, 5h3m",
    "100000, 27h",
    "183600, 2d3h",
    "864000, 10d"
  })
  void ages_are_worded_as_kubectl_does(long seconds, String age) {
    assertThat(PrinterColumn.age(Duration.ofSeconds(seconds))).isEqualTo(age);
  }

  private static TuneTrailDatabase database() {
    return Serialization.unmarshal(
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailDatabase
        metadata: {name: karaoke, creationTimestamp: "2026-01-01T00:00:00Z"}
        spec: {edition: commercial, environment: staging}
        status:
          migrationVersion: "3"
          targetVersion: "4"
          tableCount: 5
          conditions:
            - {type: Reconciling, status: "False", reason: Other, observedGeneration: 1}
            - {type: Ready, status: "True", reason: UpToDate, observedGeneration: 1}
        """,
        TuneTrailDatabase.class);
  }

  private static TuneTrailDatabase fresh() {
    return Serialization.unmarshal(
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailDatabase
        metadata: {name: k, creationTimestamp: "2026-01-01T00:00:12Z"}
        spec: {edition: community, environment: development}
        """,
        TuneTrailDatabase.class);
  }
}
