package io.tunetrail.operator.backup;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.migration.JobLabels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BackupCronJobTest {
  private static final Path GOLDEN = Path.of("src/test/resources/backup/cron-job.yaml");
  private static final Path GOLDEN_S3 = Path.of("src/test/resources/backup/cron-job-s3.yaml");
  private static final Path GOLDEN_PARALLEL =
      Path.of("src/test/resources/backup/cron-job-parallel.yaml");
  private static final String FIELDS =
      "schedule: '0 3 * * *', timeZone: Europe/Berlin, storage: {persistentVolumeClaim:"
          + " {claimName: backups, path: nightly}}";

  private static CronJob cronJob(TuneTrailDatabase resource) {
    var backup = (DesiredBackup.Scheduled) DesiredBackup.from(resource);
    return BackupCronJob.of(resource, Desired.from(resource), backup, "tunetrail/operator:test");
  }

  private static String digest(CronJob cronJob) {
    return requireNonNull(cronJob.getMetadata().getAnnotations().get(JobLabels.INPUTS));
  }

  /** {@code -Dgolden=write} writes it; read the difference before committing it. */
  @Test
  void its_pods_are_restricted_and_its_times_are_bounded() throws IOException {
    assertIs(GOLDEN, cronJob(TestBackups.resource("karaoke", FIELDS)));
  }

  /** Credentials and authority are files: in no variable and in no argument. */
  @Test
  void its_pods_reach_a_bucket_with_what_secrets_hold() throws IOException {
    var fields =
        "schedule: '0 3 * * *', storage: {s3: {bucket: backups, prefix: east, endpoint:"
            + " 'https://s3.example.org', caRef: {configMap: {name: s3-ca, key: ca.crt}},"
            + " credentialsSecretRef: {name: s3-writer}}}";
    assertIs(GOLDEN_S3, cronJob(TestBackups.resource("karaoke", fields)));
  }

  @Test
  void its_pods_have_a_workspace_of_their_own_where_several_sessions_dump() throws IOException {
    var parallel = "parallel: {jobs: 4, workspace: {storage: 100Gi, storageClassName: fast}}";
    assertIs(GOLDEN_PARALLEL, cronJob(TestBackups.resource("karaoke", FIELDS + ", " + parallel)));
  }

  private static void assertIs(Path golden, CronJob cronJob) throws IOException {
    var yaml = Serialization.asYaml(cronJob);
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(golden, yaml);
    }
    assertThat(golden).hasContent(yaml);
  }

  @Test
  void every_change_of_the_spec_makes_another_digest_and_nothing_else_does() {
    var before = digest(cronJob(TestBackups.resource("karaoke", FIELDS)));
    assertThat(digest(cronJob(TestBackups.resource("karaoke", FIELDS)))).isEqualTo(before);
    for (var change :
        new String[] {"suspend: true", "retention: {days: 8}", "parallel: {jobs: 2}"}) {
      assertThat(digest(cronJob(TestBackups.resource("karaoke", FIELDS + ", " + change))))
          .isNotEqualTo(before);
    }
  }

  @Test
  void fault_39_its_name_leaves_room_for_those_of_its_jobs() {
    assertThat(BackupCronJob.name("karaoke")).isEqualTo("karaoke-backup");
    assertThat(BackupCronJob.name("k".repeat(45))).hasSize(52);
    var one = BackupCronJob.name("k".repeat(63));
    assertThat(one).hasSize(52).endsWith("-backup");
    assertThat(BackupCronJob.name("k".repeat(62) + "l")).hasSize(52).isNotEqualTo(one);
  }

  @Test
  void community_has_backups_too_and_spec_suspend_holds_for_them() {
    var resource = TestBackups.resource("karaoke", FIELDS);
    assertThat(cronJob(resource).getSpec().getSuspend()).isFalse();
    var suspended = TestBackups.resource("karaoke", FIELDS + ", suspend: true");
    assertThat(cronJob(suspended).getSpec().getSuspend()).isTrue();
  }
}
