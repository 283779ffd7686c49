package io.tunetrail.operator.embedded;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.RestorePhase;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailRestore;
import io.tunetrail.operator.api.TuneTrailRestoreStatus;
import io.tunetrail.operator.backup.RestoreReport;
import io.tunetrail.operator.migration.MigrationJob;
import io.tunetrail.operator.migration.Outcome;
import io.tunetrail.operator.migration.Report;
import io.tunetrail.operator.runtime.OperatorRuntime;
import io.tunetrail.operator.status.Conditions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a TuneTrailRestore to its Job and back; no node runs the Jobs, the tests end them. */
class RestoresTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String AFRESH = "backup: {latest: Any}, into: {newDatabase: back}";
  private static final String IN_PLACE =
      "backup: {name: b-1}, into: {inPlace: {}}, admin: {secretRef: {name: admin}}";

  @TempDir static Path folder = Path.of("");
  private static EmbeddedPlatform platform;
  private static @Nullable OperatorRuntime runtime;

  @BeforeAll
  static void start() {
    platform = new EmbeddedPlatform(folder, RestoresTest::operator);
    platform.kubelet().close();
    platform.applySecret("admin", Map.of("username", "postgres", "password", "postgres"));
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  private static OperatorRuntime operator(KubernetesClient client) {
    var started = EmbeddedPlatform.operator(client);
    runtime = started;
    return started;
  }

  /** One that starts nothing of its own, where it is suspended. */
  private static void database(String name, boolean suspend) {
    platform.newDatabase(name, name, name, "secret");
    platform.applyScripts(name, Map.of("V1__songs.sql", "CREATE TABLE songs (id int);"));
    platform.apply(
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailDatabase
        metadata: {name: %1$s}
        spec:
          edition: commercial
          environment: staging
          suspend: %2$s
          connection: {secretRef: {name: %1$s}}
          schema: {flyway: {configMaps: [{name: %1$s}]}}
          backup: {schedule: "7 3 * * *", storage: {persistentVolumeClaim: {claimName: backups}}}
        """
            .formatted(name, suspend));
  }

  /** A restore of the database of the same name. */
  private static void restore(String name, String fields) {
    platform.apply(
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailRestore
        metadata: {name: %1$s}
        spec: {databaseRef: {name: %1$s}, %2$s}
        """
            .formatted(name, fields));
  }

  private static TuneTrailRestore get(String name) {
    return requireNonNull(
        platform.client().resources(TuneTrailRestore.class).withName(name).get(), name);
  }

  private static @Nullable Condition ready(String name) {
    var status = get(name).getStatus();
    return status == null
        ? null
        : Conditions.find(status.conditions(), Conditions.READY).orElse(null);
  }

  private static TuneTrailRestoreStatus awaitReason(String name, Reason reason) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(ready(name))
                    .isNotNull()
                    .extracting(Condition::reason)
                    .isEqualTo(reason.toString()));
    return requireNonNull(get(name).getStatus());
  }

  private static List<Job> restoreJobs(String name) {
    return platform.jobs(name).stream()
        .filter(it -> it.getMetadata().getName().contains("-restore-"))
        .toList();
  }

  private static Job awaitJob(String name, int attempt) {
    return await()
        .atMost(LIMIT)
        .until(
            () ->
                restoreJobs(name).stream()
                    .filter(it -> it.getMetadata().getName().endsWith("-" + attempt))
                    .findFirst()
                    .orElse(null),
            it -> it != null);
  }

  /** Its pod ends with a report, and the Job with it. */
  private static void end(Job job, Outcome outcome, String message, @Nullable RestoreReport made) {
    var container = job.getSpec().getTemplate().getSpec().getContainers().getFirst();
    assertThat(container.getName()).isEqualTo(MigrationJob.CONTAINER);
    var now = Instant.now();
    var report =
        new Report(
            outcome, null, null, 0, message, now.toString(), now.toString(), null, null, made);
    var progress =
        new JobProgress(platform.client(), job, job.getMetadata().getName() + "-pod", now);
    progress.createPod(container);
    progress.pod(
        PodPhase.terminated(container, outcome.exitCode(), report.toJson(), now, Instant.now()));
    if (outcome == Outcome.DONE) {
      progress.complete();
    } else {
      progress.failed("BackoffLimitExceeded", "Job has reached the specified backoff limit");
    }
  }

  private static RestoreReport made(String database, @Nullable String previous) {
    return new RestoreReport("b-1", database, null, previous, 2, 60_000, List.of());
  }

  @Test
  void one_into_a_new_database_waits_for_its_resource_and_is_done_once() {
    restore("late", AFRESH);
    awaitReason("late", Reason.DATABASE_RESOURCE_MISSING);
    database("late", true);
    var job = awaitJob("late", 1);
    awaitReason("late", Reason.RESTORING);
    assertThat(job.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(it -> assertThat(it.getUid()).isEqualTo(get("late").getMetadata().getUid()));

    end(job, Outcome.DONE, "", made("back", null));
    var status = awaitReason("late", Reason.RESTORED);
    assertThat(status.phase()).isEqualTo(RestorePhase.RESTORED);
    assertThat(status.database()).isEqualTo("back");
    assertThat(status.rows()).isEqualTo(60_000);
    platform.client().resource(job).delete();
    platform.startOperator();
    platform
        .client()
        .resources(TuneTrailRestore.class)
        .withName("late")
        .edit(RestoresTest::touched);
    database("after", true);
    restore("after", AFRESH);
    awaitJob("after", 1);
    assertThat(restoreJobs("late")).as("it is not done again").isEmpty();
    assertThat(get("late").getStatus()).isEqualTo(status);
  }

  private static TuneTrailRestore touched(TuneTrailRestore restore) {
    restore.getMetadata().setAnnotations(Map.of("touched", "yes"));
    return restore;
  }

  @Test
  void one_in_place_begins_once_it_is_approved_and_its_admin_is_there() {
    database("placed", true);
    restore("placed", IN_PLACE.replace("name: admin", "name: placed-admin"));
    awaitReason("placed", Reason.SECRET_MISSING);
    platform.applySecret("placed-admin", Map.of("username", "postgres", "password", "x"));
    var waiting = awaitReason("placed", Reason.AWAITING_APPROVAL);
    assertThat(waiting.phase()).isEqualTo(RestorePhase.AWAITING_APPROVAL);
    assertThat(waiting.backup()).isEqualTo("b-1");
    assertThat(restoreJobs("placed")).isEmpty();

    approve("placed");
    var job = awaitJob("placed", 1);
    var pod = job.getSpec().getTemplate().getSpec();
    assertThat(pod.getVolumes())
        .anySatisfy(
            it -> {
              assertThat(it.getName()).isEqualTo("scratch-secret");
              assertThat(it.getSecret().getSecretName()).isEqualTo("placed-admin");
            });
    end(job, Outcome.DONE, "", made("placed", "placed_before"));
    assertThat(awaitReason("placed", Reason.RESTORED).previousDatabase())
        .isEqualTo("placed_before");
  }

  private static void approve(String name) {
    platform
        .client()
        .resources(TuneTrailRestore.class)
        .withName(name)
        .patch("{\"spec\": {\"approval\": {\"backup\": \"b-1\", \"approvedBy\": \"ada\"}}}");
  }

  @Test
  void fault_37_what_may_heal_is_tried_again_and_what_does_not_is_given_up() {
    database("failing", true);
    restore("failing", IN_PLACE + ", approval: {backup: b-1, approvedBy: ada}");
    end(awaitJob("failing", 1), Outcome.UNREACHABLE, "the server is away", null);
    awaitReason("failing", Reason.DATABASE_UNREACHABLE);
    end(awaitJob("failing", 2), Outcome.RESTORE_FAILED, "the archive ends early", null);
    var status = awaitReason("failing", Reason.RESTORE_FAILED);
    assertThat(status.phase()).isEqualTo(RestorePhase.FAILED);
    assertThat(status.message()).isEqualTo("the archive ends early");
    assertThat(Conditions.isTrue(status.conditions(), Conditions.STALLED)).isTrue();
    var database = platform.get("failing");
    assertThat(database.getMetadata().getDeletionTimestamp()).isNull();
    assertThat(restoreJobs("failing")).hasSize(2);
  }

  @Test
  void it_waits_for_a_migration_that_is_under_way() {
    database("busy", false);
    await().atMost(LIMIT).until(() -> !platform.jobs("busy").isEmpty());
    restore("busy", AFRESH);
    awaitReason("busy", Reason.WAITING_FOR_MIGRATION);
    assertThat(restoreJobs("busy")).isEmpty();
    var migration = platform.jobs("busy").getFirst();
    end(migration, Outcome.LOST, "gone", null);
    platform
        .client()
        .resources(TuneTrailDatabase.class)
        .withName("busy")
        .patch("{\"spec\": {\"suspend\": true}}");
    awaitJob("busy", 1);
  }

  @Test
  void a_database_that_another_one_took_the_place_of_is_looked_at_as_it_is_now() {
    database("swapped", true);
    platform.awaitReason("swapped", Reason.SUSPENDED, LIMIT);
    var before = identity("swapped");
    var postgres = platform.postgres();
    postgres.execute("CREATE DATABASE swapped_copy OWNER swapped");
    postgres.execute("swapped_copy", "SET ROLE swapped; CREATE TABLE restored ()");

    postgres.execute("ALTER DATABASE swapped ALLOW_CONNECTIONS false");
    look("swapped");
    platform.awaitReason("swapped", Reason.DATABASE_UNREACHABLE, LIMIT);

    postgres.execute("ALTER DATABASE swapped RENAME TO swapped_before");
    postgres.execute("ALTER DATABASE swapped_copy RENAME TO swapped");
    platform.await("swapped", LIMIT, "another database", it -> !before.equals(identity("swapped")));
    platform.awaitReason("swapped", Reason.TABLES_WITHOUT_HISTORY, LIMIT);
  }

  private static String identity(String name) {
    return requireNonNull(requireNonNull(platform.get(name).getStatus()).databaseIdentity());
  }

  /** Makes the operator look again. */
  private static void look(String name) {
    platform.applyScripts(
        name, Map.of("V1__songs.sql", "CREATE TABLE songs (id int); -- looked at anew"));
  }

  @Test
  void the_databases_own_reconciler_takes_no_notice_of_a_restores_job() {
    database("aside", true);
    var before = platform.awaitReason("aside", Reason.SUSPENDED, LIMIT);
    restore("aside", AFRESH);
    end(awaitJob("aside", 1), Outcome.RESTORE_FAILED, "no", null);
    awaitReason("aside", Reason.RESTORE_FAILED);
    var after = platform.awaitReason("aside", Reason.SUSPENDED, LIMIT);
    assertThat(requireNonNull(after.getStatus()).lastMigration())
        .isEqualTo(requireNonNull(before.getStatus()).lastMigration());
  }

  @Test
  void prometheus_is_told_of_it_as_long_as_it_is_there() {
    database("told", true);
    restore("told", "backup: {latest: Any}, into: {newDatabase: told}");
    awaitReason("told", Reason.INVALID_RESTORE);
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(phases("told")).anyMatch(it -> it.endsWith("phase=\"Failed\"} 1.0")));
    platform.client().resources(TuneTrailRestore.class).withName("told").delete();
    await().atMost(LIMIT).untilAsserted(() -> assertThat(phases("told")).isEmpty());
  }

  /** The series of a restore's phases, as /metrics has them now. */
  private static List<String> phases(String name) throws IOException, InterruptedException {
    var uri =
        URI.create("http://127.0.0.1:%d/metrics".formatted(requireNonNull(runtime).httpPort()));
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(it -> it.startsWith("tunetrail_restore_phase{database=\"%s\"".formatted(name)))
          .toList();
    }
  }
}
