package io.tunetrail.operator.backup;

import static io.tunetrail.operator.restore.TestRestores.AFRESH;
import static io.tunetrail.operator.restore.TestRestores.IN_PLACE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tunetrail.operator.api.ConnectionSpec;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.api.SslMode;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.migration.ObservedJobs;
import io.tunetrail.operator.migration.RestoreAccess;
import io.tunetrail.operator.restore.TestRestores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestoreJobTest {
  private static final Path GOLDEN = Path.of("src/test/resources/backup/restore-job.yaml");
  private static final RestoreAccess OWN_USER = new RestoreAccess(null, null);
  private static final RestoreAccess ADMIN =
      new RestoreAccess(
          new ConnectionSpec(
              new LocalReference("admin"),
              "pg.databases",
              5432,
              "postgres",
              "dba",
              SslMode.VERIFY_FULL,
              TestRestores.backedUp().getSpec().connection().caRef()),
          "ada");

  private static Job job(String spec, RestoreAccess access, int attempt) {
    var database = TestRestores.backedUp();
    var backups = (DesiredBackup.Scheduled) DesiredBackup.from(database);
    return RestoreJob.of(
        TestRestores.restore(spec), database, backups, access, attempt, "tunetrail/operator:test");
  }

  private static BackupChoice choice(String spec) {
    var order =
        job(spec, OWN_USER, 1)
            .getSpec()
            .getTemplate()
            .getSpec()
            .getContainers()
            .getFirst()
            .getEnv()
            .stream()
            .filter(it -> it.getName().equals(RestoreOrder.VARIABLE))
            .map(EnvVar::getValue)
            .findFirst();
    return RestoreOrder.read(order.orElseThrow()).choice();
  }

  /** {@code -Dgolden=write} writes it; read the difference before committing it. */
  @Test
  void its_pod_is_restricted_and_has_both_credentials() throws IOException {
    var yaml = Serialization.asYaml(job(IN_PLACE, ADMIN, 1));
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(GOLDEN, yaml);
    }
    assertThat(GOLDEN).hasContent(yaml);
  }

  @Test
  void it_belongs_to_the_restore_alone_though_it_tells_its_database() {
    var job = job(AFRESH, OWN_USER, 1);
    var databaseUid = TestRestores.backedUp().getMetadata().getUid();
    assertThat(ObservedJobs.ownedBy(job, databaseUid)).isFalse();
    assertThat(job.getMetadata().getLabels().values()).doesNotContain(databaseUid);
    assertThat(job.getMetadata().getAnnotations())
        .containsEntry(JobLabels.RESOURCE_NAME, "songs")
        .containsEntry(JobLabels.RESTORE, "back");
  }

  @Test
  void an_approval_of_a_migration_is_none_of_a_restore() {
    var job = Serialization.asYaml(job(AFRESH, OWN_USER, 1));
    assertThat(job).doesNotContain("whoever-approved-a-migration");
  }

  @Test
  void each_attempt_has_a_name_of_its_own_and_always_the_same() {
    var names =
        List.of(job(AFRESH, OWN_USER, 1), job(AFRESH, OWN_USER, 1), job(AFRESH, OWN_USER, 2))
            .stream()
            .map(it -> requireNonNull(it.getMetadata().getName()))
            .toList();
    assertThat(names.get(0)).isEqualTo(names.get(1)).matches("songs-restore-[0-9a-f]{10}-1");
    assertThat(names.get(2)).isNotEqualTo(names.get(0)).endsWith("-2");
  }

  @Test
  void the_backup_is_chosen_as_the_spec_says_or_by_the_approval() {
    assertThat(choice(AFRESH)).isEqualTo(BackupChoice.latest(true));
    assertThat(choice(AFRESH.replace("Verified", "Any"))).isEqualTo(BackupChoice.latest(false));
    assertThat(choice(IN_PLACE)).isEqualTo(BackupChoice.named("songs-1"));
    assertThat(choice(AFRESH.replace("latest: Verified", "before: '2026-11-27T12:00:00+02:00'")))
        .isEqualTo(new BackupChoice(null, false, "2026-11-27T10:00:00Z"));
    assertThat(
            choice(
                IN_PLACE.replace("name: songs-1", "latest: Any") + ", approval: {backup: songs-7}"))
        .isEqualTo(BackupChoice.named("songs-7"));
  }
}
