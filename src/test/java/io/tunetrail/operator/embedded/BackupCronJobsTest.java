package io.tunetrail.operator.embedded;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.status.Conditions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The CronJob of a resource's backups follows its spec. */
class BackupCronJobsTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir static Path folder = Path.of("");
  private static EmbeddedPlatform platform;

  @BeforeAll
  static void start() {
    platform = EmbeddedPlatform.withOperator(folder);
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  private static void database(String name, String backup) {
    platform.newDatabase(name, name, name, "secret");
    platform.applyScripts(name, Map.of("1.sql", "CREATE TABLE IF NOT EXISTS songs (id int);"));
    apply(name, backup);
  }

  private static void apply(String name, String backup) {
    platform.apply(
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailDatabase
        metadata: {name: %1$s}
        spec:
          edition: community
          environment: staging
          connection: {secretRef: {name: %1$s}}
          schema: {createAll: {configMaps: [{name: %1$s}]}}
          backup: %2$s
        """
            .formatted(name, backup));
  }

  private static String at(String schedule) {
    return "{schedule: '%s', storage: {persistentVolumeClaim: {claimName: backups}}}"
        .formatted(schedule);
  }

  private static @Nullable CronJob cronJob(String name) {
    return platform.client().batch().v1().cronjobs().withName(name + "-backup").get();
  }

  private static boolean isScheduled(String name, String schedule) {
    var found = cronJob(name);
    return found != null && found.getSpec().getSchedule().equals(schedule);
  }

  private static @Nullable Condition backupHealthy(TuneTrailDatabase resource) {
    return Conditions.find(
            requireNonNull(resource.getStatus()).conditions(), Conditions.BACKUP_HEALTHY)
        .orElse(null);
  }

  private static boolean says(TuneTrailDatabase resource, Reason reason) {
    var condition = resource.getStatus() == null ? null : backupHealthy(resource);
    return condition != null && condition.reason().equals(reason.toString());
  }

  @Test
  void it_is_made_changed_in_place_and_removed_as_the_spec_says() {
    database("followed", at("7 3 * * *"));
    await().atMost(LIMIT).until(() -> isScheduled("followed", "7 3 * * *"));
    var made = requireNonNull(cronJob("followed"));
    platform.await("followed", LIMIT, "without a backup yet", it -> says(it, Reason.NO_BACKUP_YET));
    platform.awaitReason("followed", Reason.UP_TO_DATE, LIMIT);

    apply("followed", at("9 4 * * *"));
    await().atMost(LIMIT).until(() -> isScheduled("followed", "9 4 * * *"));
    assertThat(requireNonNull(cronJob("followed")).getMetadata().getUid())
        .isEqualTo(made.getMetadata().getUid());

    apply("followed", "null");
    await().atMost(LIMIT).until(() -> cronJob("followed") == null);
    var without =
        platform.await("followed", LIMIT, "without backups", it -> backupHealthy(it) == null);
    assertThat(requireNonNull(without.getStatus()).backup()).isNull();
  }

  @Test
  void fault_11_one_that_is_edited_or_deleted_by_hand_is_put_back() {
    database("rewritten", at("7 3 * * *"));
    await().atMost(LIMIT).until(() -> isScheduled("rewritten", "7 3 * * *"));
    platform
        .client()
        .batch()
        .v1()
        .cronjobs()
        .withName("rewritten-backup")
        .edit(it -> new CronJobBuilder(it).editSpec().withSuspend(true).endSpec().build());
    await().atMost(LIMIT).until(() -> !requireNonNull(cronJob("rewritten")).getSpec().getSuspend());

    var before = requireNonNull(cronJob("rewritten")).getMetadata().getUid();
    platform.client().batch().v1().cronjobs().withName("rewritten-backup").delete();
    await()
        .atMost(LIMIT)
        .until(() -> cronJob("rewritten") != null && !before.equals(uid("rewritten")));
  }

  private static String uid(String name) {
    return requireNonNull(cronJob(name)).getMetadata().getUid();
  }

  @Test
  void fault_38_a_schedule_that_never_comes_stops_no_migration() {
    database("never", at("7 3 30 2 *"));
    platform.await("never", LIMIT, "refused", it -> says(it, Reason.INVALID_SCHEDULE));
    platform.awaitReason("never", Reason.UP_TO_DATE, LIMIT);
    assertThat(cronJob("never")).isNull();
  }

  @Test
  void fault_15_a_foreign_cron_job_of_its_name_is_left_alone() {
    platform.apply(
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: taken-backup}
        spec: {schedule: "1 1 * * *"}
        """);
    database("taken", at("7 3 * * *"));
    platform.await("taken", LIMIT, "in conflict", it -> says(it, Reason.NAME_CONFLICT));
    assertThat(requireNonNull(cronJob("taken")).getSpec().getSchedule()).isEqualTo("1 1 * * *");
  }
}
