package io.tunetrail.operator.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tunetrail.operator.api.RestoreApprovalSpec;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailRestore;
import io.tunetrail.operator.embedded.EmbeddedApi;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands for backups and restores, against a stand-in for the API. */
class BackupCommandsTest {
  private static final EmbeddedApi API = new EmbeddedApi();
  private static final KubernetesClient CLIENT = API.client("user");

  @TempDir static Path folder = Path.of("");

  @BeforeAll
  static void configure() throws IOException {
    API.writeKubeconfig(folder.resolve("config"));
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    API.close();
  }

  @Test
  void backups_are_listed_with_what_is_known_of_each() {
    database("listed");
    assertThat(command("backups", "listed", "-o", "json").out())
        .contains("\"name\" : \"b-20260502T030000Z\"", "\"time\" : \"2026-05-02T03:00:00Z\"");
    assertThat(command("backups", "listed").out().lines().map(it -> it.replaceAll(" +", " ")))
        .satisfiesExactly(
            it -> assertThat(it).isEqualTo("NAME AGE SIZE VERSION VERIFIED MADE BEFORE"),
            it -> assertThat(it).matches("b-20260502T030000Z \\d+d 12 MB 2 - -"),
            it -> assertThat(it).matches("b-20260501T030000Z \\d+d - - Yes -"),
            it -> assertThat(it).matches("b-20260430T120000Z \\d+d - 1 - Job m-2"));
  }

  @Test
  void a_backup_now_is_a_job_of_the_cron_job_and_is_waited_for() {
    database("made");
    create(
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: made-backup}
        spec:
          schedule: 7 3 * * *
          jobTemplate:
            metadata: {labels: {tunetrail.io/task: backup}}
            spec: {suspend: true, template: {spec: {containers: []}}}
        """,
        CronJob.class);
    var said = command("backup", "made", "--timeout", "0s");
    assertThat(said.exitCode()).isEqualTo(3);
    assertThat(said.err())
        .matches("error: not after 0 s: made: Job made-backup-now\\w{6} waits for its turn\n");
    var job = CLIENT.batch().v1().jobs().withLabel("tunetrail.io/task").list().getItems();
    assertThat(job).hasSize(1);
    assertThat(job.getFirst().getMetadata().getOwnerReferences().getFirst().getName())
        .isEqualTo("made-backup");
    assertThat(job.getFirst().getMetadata().getAnnotations())
        .containsEntry("cronjob.kubernetes.io/instantiate", "manual");
  }

  @Test
  void without_backups_it_says_what_is_missing() {
    database("unmade");
    assertThat(command("backup", "unmade").err()).contains("has no CronJob for backups yet");
  }

  @Test
  void in_place_the_newest_verified_one_is_shown_and_approved_in_ones_own_name() {
    database("placed");
    var said =
        command("restore", "placed", "--in-place", "--admin=dba", "--yes", "--timeout", "0s");
    assertThat(said.out().replaceAll(" +", " "))
        .startsWith(
            "placed in namespace default (commercial, staging)\n Backup: b-20260501T030000Z")
        .contains("Verified: Yes", "Becomes: the live database;", "Lost: what was written since");
    assertThat(said.err()).contains("not after 0 s", ": the operator has not looked at it yet");
    var restore = restores("placed").getFirst();
    assertThat(restore.getSpec().approval())
        .isEqualTo(new RestoreApprovalSpec("b-20260501T030000Z", "ada", null));
    assertThat(requireNonNull(restore.getSpec().admin()).secretRef().name()).isEqualTo("dba");
    assertThat(command("restore", "placed", "--in-place", "--yes").err())
        .contains("in place needs --admin SECRET");
  }

  @Test
  void nothing_is_made_before_somebody_said_yes() {
    database("asked");
    assertThat(command("restore", "asked", "--into", "copy").err())
        .isEqualTo("error: there is no terminal to ask on; say --yes if it is meant\n");
    assertThat(restores("asked")).isEmpty();
    assertThat(
            command("restore", "asked", "--latest", "--into=copy", "--yes", "--timeout=0s").out())
        .contains("b-20260502T030000Z", "database copy on the same server");
    assertThat(restores("asked"))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.getSpec().into().newDatabase()).isEqualTo("copy");
              assertThat(it.getSpec().backup().name()).isEqualTo("b-20260502T030000Z");
              assertThat(it.getSpec().approval()).isNull();
            });
  }

  @Test
  void a_time_chooses_the_newest_until_then() {
    database("timed");
    assertThat(command("restore", "timed", "--before=2026-04-30T23:00:00Z", "--into=copy").out())
        .contains("b-20260430T120000Z");
    assertThat(command("restore", "timed", "--before=2020-01-01T00:00:00Z", "--into=copy").err())
        .contains("tells of no such backup of timed; name one by --backup");
    assertThat(command("restore", "timed").exitCode()).isEqualTo(2);
    assertThat(command("restore", "timed", "--in-place", "--into=copy").exitCode()).isEqualTo(2);
  }

  @Test
  void one_that_waits_is_approved_and_no_other() {
    database("back");
    waiting("back-rollback-1", "AwaitingApproval");
    waiting("back-rollback-2", "Failed");
    assertThat(command("restore", "back", "--approve=back-rollback-2", "--yes").err())
        .contains("back-rollback-2 waits for no approval: Failed");
    assertThat(command("restore", "back", "--approve=another", "--yes").err())
        .contains("there is no TuneTrailRestore another of back");
    var said = command("restore", "back", "--approve=back-rollback-1", "--yes", "--timeout=0s");
    assertThat(said.out()).contains("b-20260430T120000Z", "Becomes:   the live database;");
    assertThat(restores("back").getFirst().getSpec().approval())
        .isEqualTo(new RestoreApprovalSpec("b-20260430T120000Z", "ada", null));
    assertThat(restores("back").getLast().getSpec().approval()).isNull();
  }

  private static Said command(String... args) {
    var all = new ArrayList<>(List.of(args));
    all.add("--kubeconfig=" + folder.resolve("config"));
    return Said.command(all.toArray(String[]::new));
  }

  private static <T extends HasMetadata> void create(String yaml, Class<T> type) {
    CLIENT.resource(Serialization.unmarshal(yaml, type)).create();
  }

  private static List<TuneTrailRestore> restores(String database) {
    return CLIENT.resources(TuneTrailRestore.class).list().getItems().stream()
        .filter(it -> it.getSpec().databaseRef().name().equals(database))
        .sorted(Comparator.comparing(it -> it.getMetadata().getName()))
        .toList();
  }

  private static void database(String name) {
    create(
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailDatabase
        metadata: {name: %s, generation: 1}
        spec:
          edition: commercial
          environment: staging
          connection: {secretRef: {name: none}}
          schema: {flyway: {configMaps: [{name: scripts}]}}
          backup: {schedule: 7 3 * * *, storage: {persistentVolumeClaim: {claimName: backups}}}
        """
            .formatted(name),
        TuneTrailDatabase.class);
    status(
        TuneTrailDatabase.class,
        name,
        """
        observedGeneration: 1
        backup:
          cronJob: %1$s-backup
          failuresSince: 0
          missedRuns: 0
          lastSuccessful: {name: b-20260502T030000Z, time: '2026-05-02T03:00:09Z', size: 12 MB, duration: 9s, location: l, migrationVersion: '2'}
          lastVerified: {name: b-20260501T030000Z, time: '2026-05-01T03:01:00Z', duration: 4s, tables: 3, rows: 40}
        lastMigration: {job: m-2, outcome: Done, from: '1', to: '2', backup: b-20260430T120000Z}
        """
            .formatted(name));
  }

  /** As the operator makes one where migration.rollback is Restore. */
  private static void waiting(String name, String phase) {
    create(
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailRestore
        metadata: {name: %s}
        spec:
          databaseRef: {name: back}
          backup: {name: b-20260430T120000Z}
          into: {inPlace: {}}
          admin: {secretRef: {name: dba}}
        """
            .formatted(name),
        TuneTrailRestore.class);
    status(TuneTrailRestore.class, name, "phase: " + phase);
  }

  private static void status(Class<? extends HasMetadata> type, String name, String yaml) {
    var resources =
        CLIENT.genericKubernetesResources(ResourceDefinitionContext.fromResourceType(type));
    var object = requireNonNull(resources.inNamespace("default").withName(name).get());
    object.setAdditionalProperty("status", Serialization.unmarshal(yaml, Map.class));
    resources.resource(object).updateStatus();
  }
}
