package io.tunetrail.operator.cli;

import static io.tunetrail.operator.cli.Said.command;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.database.RoleLook;
import io.tunetrail.operator.embedded.EmbeddedPlatform;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command has the operator, or a Job, find out; Jobs are processes, PostgreSQL is real. */
class AskedCommandsTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir static Path folder = Path.of("");
  private static EmbeddedPlatform platform;

  @BeforeAll
  static void start() throws IOException {
    platform = EmbeddedPlatform.withOperator(Files.createDirectory(folder.resolve("platform")));
    platform.api().writeKubeconfig(folder.resolve("config"));
    platform.newDatabase("songs", "asked_songs", "asked_songs", "secret");
    platform.applyScripts("songs", Map.of("V1__songs.sql", "CREATE TABLE songs (id int);"));
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  private static void songs(boolean suspended) {
    platform.apply(
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailDatabase
        metadata: {name: songs}
        spec:
          edition: commercial
          environment: staging
          targetVersion: latest
          suspend: %s
          connection:
            secretRef: {name: songs}
            caRef: {configMap: {name: %s, key: ca.crt}}
          schema: {flyway: {configMaps: [{name: songs}]}}
        """
            .formatted(suspended, EmbeddedPlatform.AUTHORITY));
  }

  private static Said asked(String... args) {
    var all = new ArrayList<>(List.of(args));
    all.add("--kubeconfig=" + folder.resolve("config"));
    return command(all.toArray(String[]::new));
  }

  /** As a doctor says them. */
  private static List<String> verdicts() throws CommandFailure {
    var progress = new PrintWriter(new StringWriter());
    try (var cluster = Cluster.open(folder.resolve("config"), null, null)) {
      var job = new JobExamination(cluster, "operator:1", LIMIT, progress);
      var role = job.role(cluster.resource("songs"));
      var found = ((RoleLook.Answer.Told) role.answer()).found();
      return RoleVerdicts.of(found, role.at()).stream()
          .map(it -> it.level() + " " + it.subject())
          .toList();
    }
  }

  @Test
  void a_plan_is_shown_when_it_is_asked_for_and_what_the_database_says() throws CommandFailure {
    songs(true);
    platform.awaitReason("songs", Reason.SUSPENDED, LIMIT);
    assertThat(asked("plan", "songs").out()).contains("has no plan", "plan songs --now");
    var planned = asked("plan", "songs", "--now", "--timeout=60s");
    assertThat(planned.out()).startsWith("songs: none → 1\n").contains("CREATE TABLE songs");
    assertThat(asked("plan", "songs").out()).isEqualTo(planned.out());

    songs(false);
    platform.awaitReason("songs", Reason.UP_TO_DATE, LIMIT);
    assertThat(asked("plan", "songs", "--now", "--timeout=60s").out())
        .isEqualTo("songs: nothing would run\n");
    var schema = asked("schema", "songs", "--image=operator:1");
    assertThat(schema.out()).contains("# songs", "erDiagram", "| id | integer |");
    assertThat(verdicts())
        .startsWith("OK server", "OK privileges", "OK history")
        .contains("OK lock");
    assertThat(requireNonNull(platform.client().batch().v1().jobs().list().getItems()))
        .noneMatch(it -> it.getMetadata().getName().contains("-examine-"));
  }
}
