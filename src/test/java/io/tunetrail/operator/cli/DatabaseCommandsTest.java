package io.tunetrail.operator.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tunetrail.operator.api.ApprovalSpec;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.embedded.EmbeddedApi;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that read a database's status and change its spec, against a stand-in for the API. */
class DatabaseCommandsTest {
  private static final EmbeddedApi API = new EmbeddedApi();
  private static final KubernetesClient CLIENT = API.client("user");
  private static final String DIGEST = "sha256:" + "ab".repeat(32);
  private static final String PENDING =
      "migrationVersion: '2', targetVersion: '4', pendingCount: 1, pendingDigest: '"
          + DIGEST
          + "', pending: [{version: '4', description: users}]";

  @TempDir static Path folder = Path.of("");

  @BeforeAll
  static void configure() throws IOException {
    API.writeKubeconfig(folder.resolve("config"));
    CLIENT
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("scripts")
                .endMetadata()
                .withData(Map.of("V2__a.sql", "SELECT 1", "V4__b.sql", "SELECT 1"))
                .build())
        .create();
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    API.close();
  }

  @Test
  void what_is_shown_is_approved_in_the_name_that_the_api_server_knows() {
    waiting("approved", "");
    assertThat(command("approve", "approved", "--yes", "--comment=at night"))
        .isEqualTo(
            new Said(
                0,
                """
                approved in namespace default (commercial, production): 2 → 4
                  VERSION  DESCRIPTION
                  4        users
                  Digest: %s
                approved: version 4 is approved
                """
                    .formatted(DIGEST),
                ""));
    assertThat(approval("approved"))
        .isEqualTo(new ApprovalSpec("4", DIGEST, null, "ada", "at night"));
  }

  @Test
  void an_approval_may_be_for_later_and_end_by_itself() {
    waiting("bounded", "");
    assertThat(
            command(
                    "approve",
                    "bounded",
                    "--yes",
                    "--not-before=2099-01-01T23:00:00+01:00",
                    "--not-after=2099-01-02T04:00:00Z")
                .exitCode())
        .isZero();
    assertThat(approval("bounded").notBefore()).isEqualTo("2099-01-01T22:00:00Z");
    assertThat(approval("bounded").notAfter()).isEqualTo("2099-01-02T04:00:00Z");
    assertThat(command("approve", "bounded", "--not-before=tonight"))
        .satisfies(
            it -> {
              assertThat(it.exitCode()).isEqualTo(2);
              assertThat(it.err()).contains("'tonight' is neither a moment like");
            });
    assertThat(command("approve", "bounded", "--not-after=2020-01-01T00:00:00Z").err())
        .contains("--not-after is over");
    assertThat(command("approve", "bounded", "--not-before=2h", "--not-after=1h").err())
        .contains("is not earlier than --not-after");
  }

  @Test
  void nobody_approves_by_silence() {
    waiting("asked", "");
    assertThat(command("approve", "asked").err())
        .isEqualTo("error: there is no terminal to ask on; say --yes if it is meant\n");
    var questions = new ArrayList<String>();
    var no =
        command(
            new Terminal(
                question -> {
                  questions.add(question);
                  return "";
                },
                Style.PLAIN),
            "approve",
            "asked");
    assertThat(no.exitCode()).isEqualTo(1);
    assertThat(questions).containsExactly("Approve it? [y/N] ");
    assertThat(
            CLIENT.resources(TuneTrailDatabase.class).withName("asked").get().getSpec().approval())
        .isNull();
    assertThat(command(new Terminal(_ -> "y", Style.PLAIN), "approve", "asked").exitCode())
        .isZero();
    assertThat(approval("asked").version()).isEqualTo("4");
  }

  @Test
  void a_status_that_moves_on_meanwhile_is_no_other_thing_to_approve() {
    waiting("moving", "");
    var size = new int[1];
    var moves =
        new Terminal(
            _ -> {
              status("moving", PENDING + ", tableCount: " + ++size[0], "False", "AwaitingApproval");
              return "y";
            },
            Style.PLAIN);
    assertThat(command(moves, "approve", "moving").exitCode()).isZero();
    assertThat(approval("moving").digest()).isEqualTo(DIGEST);
  }

  @Test
  void what_is_another_thing_now_is_not_approved() {
    waiting("edited", "");
    var edits =
        new Terminal(
            _ -> {
              status(
                  "edited",
                  PENDING.replace(DIGEST, "sha256:" + "ef".repeat(32)),
                  "False",
                  "AwaitingApproval");
              return "y";
            },
            Style.PLAIN);
    assertThat(command(edits, "approve", "edited").err())
        .isEqualTo(
            "error: what waits for an approval in edited is another now; look at it again\n");
    assertThat(
            CLIENT.resources(TuneTrailDatabase.class).withName("edited").get().getSpec().approval())
        .isNull();
  }

  @Test
  void a_plan_is_shown_with_its_sql_and_what_is_destructive_is_asked_for() {
    var plan =
        "plan: {digest: '%s', configMap: planned-plan, from: '2', target: '4', destructive: true}"
            .formatted(DIGEST);
    waiting("planned", ", " + plan);
    var json =
        "{\"digest\":\"%s\",\"from\":\"2\",\"target\":\"4\",\"statements\":[{\"script\":\"V4__b.sql\",\"version\":\"4\",\"sql\":\"DROP TABLE users\",\"transactional\":true}]}"
            .formatted(DIGEST);
    CLIENT
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("planned-plan")
                .endMetadata()
                .addToData("plan.json", json)
                .build())
        .create();
    assertThat(command("plan", "planned").out())
        .isEqualTo("planned: 2 → 4\n\n-- V4__b.sql\nDROP TABLE users;\n");
    var refused = command("approve", "planned", "--yes");
    assertThat(refused.out()).contains("DROP TABLE users;");
    assertThat(refused.err())
        .isEqualTo(
            "error: the plan of planned is destructive; say --destructive if that is meant\n");
    assertThat(command("approve", "planned", "--yes", "--destructive").exitCode()).isZero();
  }

  @Test
  void without_a_plan_the_list_of_what_would_run_is_shown() {
    waiting("listed", "");
    assertThat(command("plan", "listed").out())
        .isEqualTo(
            """
            listed has no plan, only a list of what would run:
              VERSION  DESCRIPTION
              4        users
              Digest: %s
            The operator makes a plan in production, where migration.plan is Always, and elsewhere where it is asked: kubectl tunetrail plan listed --now
            """
                .formatted(DIGEST));
    assertThat(command("plan", "listed", "-o", "json").out())
        .contains("\"digest\" : \"" + DIGEST, "\"version\" : \"4\"");
  }

  @Test
  void a_rejection_takes_the_approval_away_and_says_why() {
    waiting("rejected", "");
    command("approve", "rejected", "--yes");
    assertThat(command("reject", "rejected", "--comment", "not today").out())
        .isEqualTo("rejected: its approval is taken away\n");
    assertThat(
            CLIENT
                .resources(TuneTrailDatabase.class)
                .withName("rejected")
                .get()
                .getSpec()
                .approval())
        .isNull();
    assertThat(command("status", "rejected").out())
        .contains("Approval\n  Rejected by:  ada\n  Because:      not today\n");
    status("rejected", "", "True", "UpToDate");
    assertThat(command("reject", "rejected").err()).startsWith("error: there is nothing to reject");
  }

  @Test
  void retry_sets_a_new_token_each_time() {
    waiting("retried", "");
    command("retry", "retried");
    var first = retry("retried");
    command("retry", "retried");
    assertThat(retry("retried")).isNotEqualTo(first);
  }

  @Test
  void a_status_that_moves_on_meanwhile_keeps_nobody_from_changing_the_spec()
      throws CommandFailure {
    waiting("pushed", "");
    try (var cluster = Cluster.open(folder.resolve("config"), null, null)) {
      var seen = cluster.resource("pushed");
      status("pushed", PENDING + ", tableCount: 1", "False", "AwaitingApproval");

      cluster.change(seen, Change.ofSpec(Map.of("migration", Map.of("retry", "again"))));
      assertThat(retry("pushed")).isEqualTo("again");

      assertThatThrownBy(() -> cluster.change(seen, Change.ofSpec(Map.of("targetVersion", "4"))))
          .hasMessage("somebody changed pushed at the same time; look at it, and try again");
    }
  }

  @Test
  void waiting_ends_with_a_code_for_each_way_it_may_end() {
    waiting("waited", "");
    assertThat(command("wait", "waited", "--for", "approval"))
        .isEqualTo(new Said(0, "waited: AwaitingApproval: 1 would run\n", ""));
    assertThat(command("wait", "waited", "--timeout", "0s").exitCode()).isEqualTo(3);
    assertThat(command("migrate", "waited", "--timeout", "20s"))
        .isEqualTo(new Said(5, "", "error: waited: AwaitingApproval: 1 would run\n"));
    assertThat(command("wait", "waited", "--for", "peace").exitCode()).isEqualTo(2);
    status("waited", "migrationVersion: '4'", "True", "UpToDate");
    assertThat(command("wait", "waited").exitCode()).isZero();
    assertThat(command("wait", "waited", "--for", "version=4").exitCode()).isZero();
  }

  @Test
  void progress_is_for_terminals() {
    waiting("watched", "");
    assertThat(
            command(new Terminal(_ -> null, Style.PLAIN), "wait", "watched", "--timeout", "0s")
                .err())
        .startsWith("watched: AwaitingApproval: 1 would run\n");
  }

  @Test
  void undo_allows_going_back_and_migrate_does_not_go_back() {
    waiting("back", "");
    status("back", "migrationVersion: '4', targetVersion: '4'", "True", "UpToDate");
    assertThat(command("migrate", "back", "--to", "2").err()).contains("going back is forbidden");
    assertThat(command("undo", "back", "--to", "4", "--yes").err()).contains("takes nothing back");
    var said = command("undo", "back", "--to", "-1", "--yes", "--timeout", "0s");
    assertThat(said.out()).isEqualTo("back: 4 → 2 (undoes 4)\n");
    assertThat(said.exitCode()).isEqualTo(3);
    var spec = CLIENT.resources(TuneTrailDatabase.class).withName("back").get().getSpec();
    assertThat(spec.targetVersion()).isEqualTo("2");
    assertThat(requireNonNull(spec.migration()).rollback()).hasToString("Undo");
  }

  @Test
  void history_and_drift_come_from_the_status() {
    waiting("past", "");
    assertThat(command("history", "past").out()).contains("nothing was done");
    assertThat(command("drift", "past").err()).contains("has recorded no schema of past yet");
    status(
        "past",
        "history: [{job: b, outcome: Done, from: '2', to: '4', started: '2026-01-01T10:00:00Z',"
            + " duration: 3s, requestedBy: eve}], drift: {added: [index public.i]}",
        "True",
        "UpToDate");
    assertThat(command("history", "past").out())
        .isEqualTo(
            """
            WHEN                  FROM  TO  OUTCOME  TOOK  APPROVED BY  JOB
            2026-01-01T10:00:00Z  2     4   Done     3s    -            b
            """);
    assertThat(command("drift", "past"))
        .isEqualTo(
            new Said(1, "past: the schema is not as it was recorded\n+ index public.i\n", ""));
  }

  @Test
  void programs_read_json_and_yaml() {
    waiting("read", "");
    var json = Database.of(command("status", "read", "-o", "json").out());
    assertThat(json.pending()).hasSize(1);
    assertThat(command("status", "-o", "YAML").out()).contains("pendingDigest");
    assertThat(command("status").out()).contains("NAME ", "read ");
  }

  @Test
  void a_shell_can_complete_the_commands() {
    assertThat(command("completion", "bash").out())
        .contains("complete -F", "approve", "--kubeconfig");
    assertThat(command("completion", "zsh").out()).startsWith("autoload -U +X compinit");
  }

  @Test
  void the_program_says_its_version_and_what_its_exit_codes_mean() {
    assertThat(command("--version").out()).startsWith("tunetrail ");
    assertThat(command("--help").out()).contains("Exit codes:", "5   It will not happen before");
  }

  private static Said command(String... args) {
    return command(Terminal.NONE, args);
  }

  private static Said command(Terminal terminal, String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    var all = new ArrayList<>(List.of(args));
    if (!args[0].startsWith("-") && !args[0].equals("completion")) {
      all.add("--kubeconfig=" + folder.resolve("config"));
    }
    int exitCode =
        Commands.commandLine(terminal)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(all.toArray(String[]::new));
    return new Said(exitCode, out.toString(), err.toString());
  }

  private static ApprovalSpec approval(String name) {
    var resource = CLIENT.resources(TuneTrailDatabase.class).withName(name).get();
    return requireNonNull(resource.getSpec().approval());
  }

  private static String retry(String name) {
    var resource = CLIENT.resources(TuneTrailDatabase.class).withName(name).get();
    return requireNonNull(requireNonNull(resource.getSpec().migration()).retry());
  }

  /** In production, with one migration that waits. */
  private static void waiting(String name, String status) {
    var yaml =
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailDatabase
        metadata: {name: %s, generation: 1}
        spec:
          edition: commercial
          environment: production
          targetVersion: latest
          connection: {secretRef: {name: none}}
          schema: {flyway: {configMaps: [{name: scripts}]}}
        """
            .formatted(name);
    CLIENT.resource(Serialization.unmarshal(yaml, TuneTrailDatabase.class)).create();
    status(name, PENDING + status, "False", "AwaitingApproval");
  }

  private static void status(String name, String fields, String ready, String reason) {
    var context =
        io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext.fromResourceType(
            TuneTrailDatabase.class);
    var object =
        requireNonNull(
            CLIENT.genericKubernetesResources(context).inNamespace("default").withName(name).get());
    var yaml =
        """
        # as the operator writes it
        {observedGeneration: %d, conditions: [
          {type: Ready, status: "%2$s", reason: %3$s, message: "1 would run", lastTransitionTime: "2026-01-01T00:00:00Z", observedGeneration: 1},
          {type: Approved, status: "%2$s", reason: %3$s, message: "", lastTransitionTime: "2026-01-01T00:00:00Z", observedGeneration: 1}]%4$s}
        """
            .formatted(
                object.getMetadata().getGeneration(),
                ready,
                reason,
                fields.isEmpty() ? "" : ", " + fields);
    object.setAdditionalProperty("status", Serialization.unmarshal(yaml, Map.class));
    CLIENT.genericKubernetesResources(context).resource(object).updateStatus();
  }
}
