package io.tunetrail.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tunetrail.operator.lifecycle.Desired;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class VerificationJobTest {
  private static final Path GOLDEN = Path.of("src/test/resources/backup/verification-job.yaml");
  private static final String FIELDS =
      "schedule: '0 3 * * *', storage: {persistentVolumeClaim: {claimName: backups}}";

  private static Job job(String name, int attempt) {
    var resource = TestBackups.resource(name, FIELDS);
    return VerificationJob.of(
        resource,
        Desired.from(resource),
        (DesiredBackup.Scheduled) DesiredBackup.from(resource),
        new Verifications.Due(name + "-20260502T030500Z", "sha256:" + "ab".repeat(32), attempt),
        "tunetrail/operator:test");
  }

  /** {@code -Dgolden=write} writes it; read the difference before committing it. */
  @Test
  void its_pod_is_restricted_and_reaches_the_backups() throws IOException {
    var yaml = Serialization.asYaml(job("karaoke", 2));
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(GOLDEN, yaml);
    }
    assertThat(GOLDEN).hasContent(yaml);
  }

  @Test
  void fault_39_a_long_name_is_shortened() {
    assertThat(job("k".repeat(63), 1).getMetadata().getName())
        .hasSize(63)
        .endsWith("-verify-ababababab-1");
  }
}
