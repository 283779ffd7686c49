package io.tunetrail.operator.embedded;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.tunetrail.operator.api.PendingMigration;
import io.tunetrail.operator.api.PlanStatus;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.api.TuneTrailDatabaseStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Shows the operator's main job on the embedded platform with the manifests of {@code examples/}: a
 * community database created, a staging database migrated, a production database waiting, then
 * approved and migrated. Ends with 1 when something is not as it must be; the system property
 * {@code demo.keep} leaves everything up afterwards.
 */
public final class Demo {
  private static final Path EXAMPLES = Path.of("examples");
  private static final Path FOLDER = Path.of("target", "demo");
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final EmbeddedPlatform platform;

  private Demo(EmbeddedPlatform platform) {
    this.platform = platform;
  }

  public static void main(String[] arguments) throws IOException {
    Files.createDirectories(FOLDER);
    System.exit(run() ? 0 : 1);
  }

  private static boolean run() {
    var pods = FOLDER.resolve("pods");
    say("Starting PostgreSQL, a stand-in for the Kubernetes API, and the operator …");
    try (var platform = EmbeddedPlatform.withOperator(pods)) {
      var demo = new Demo(platform);
      demo.community();
      demo.staging();
      demo.production();
      demo.approval();
      if (Boolean.getBoolean("demo.keep")) {
        demo.keep();
      } else {
        say("All as it must be. Logs: " + FOLDER);
      }
      return true;
    } catch (IllegalStateException | IOException e) {
      System.err.println("The demo failed: " + e.getMessage());
      System.err.println("Logs: " + FOLDER + "/operator.log and " + pods + "/*/log");
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  private void community() {
    apply("karaoke/database-secret.yaml", "karaoke/schema.yaml", "karaoke/community.yaml");
    var status = awaitUpToDate("karaoke-community");
    show(
        "Created: community database karaoke-community has "
            + status.tableCount()
            + " tables, made by "
            + status.initializationMethod()
            + ".");
  }

  private void staging() {
    apply("karaoke/migrations.yaml", "karaoke/staging.yaml");
    var status = awaitUpToDate("karaoke");
    show(
        "Migrated: staging database karaoke went by itself to version "
            + status.migrationVersion()
            + ".");
  }

  private void production() {
    apply("soleil/database-secret.yaml", "soleil/migrations.yaml", "soleil/production.yaml");
    var waiting = platform.awaitReason("soleil", Reason.AWAITING_APPROVAL, LIMIT);
    var tables = tables(database(waiting));
    require(tables == 0, "soleil has " + tables + " tables before its approval");
    require(
        !pending(waiting).isEmpty(), "soleil waits, but its status lists nothing that would run");
    show(
        "Waiting: production database soleil is untouched until somebody approves what would run.");
    say("kubectl get ttdb soleil -o yaml lists it as status.pending:");
    pending(waiting).forEach(step -> say("  " + line(step)));
    var plan = plan(waiting);
    say(
        "Its SQL, %d statements, is in ConfigMap %s."
            .formatted(plan.statements(), plan.configMap()));
  }

  private static String line(PendingMigration step) {
    return step.version() == null
        ? "repeatable: " + step.description()
        : step.version() + ": " + step.description();
  }

  private void approval() {
    var plan = plan(platform.get("soleil"));
    platform
        .client()
        .resources(TuneTrailDatabase.class)
        .withName("soleil")
        .patch(
            """
            {"spec": {"approval": {"version": "4", "digest": "%s", "approvedBy": "dba@soleil.example"}}}
            """
                .formatted(plan.digest()));
    var status = awaitUpToDate("soleil");
    var work = requireNonNull(status.lastMigration(), "status.lastMigration");
    show(
        "Approved by "
            + work.approvedBy()
            + " and migrated: production database soleil is at version "
            + status.migrationVersion()
            + ".");
  }

  private void keep() throws IOException, InterruptedException {
    var kubeconfig = FOLDER.resolve("kubeconfig");
    Files.writeString(kubeconfig, kubeconfig());
    var postgres = platform.postgres();
    say("It stays up until Ctrl-C. To play with it:");
    say("  kubectl --kubeconfig " + kubeconfig + " get ttdb,jobs,pods");
    say("  kubectl --kubeconfig " + kubeconfig + " get ttdb soleil -o yaml");
    say(
        "  kubectl --kubeconfig "
            + kubeconfig
            + " patch ttdb karaoke --type merge -p '{\"spec\":{\"targetVersion\":\"latest\"}}'");
    say("  psql 'postgresql://postgres@localhost:" + postgres.port() + "/soleil'");
    new CountDownLatch(1).await();
  }

  private String kubeconfig() {
    return """
    apiVersion: v1
    kind: Config
    clusters: [{name: demo, cluster: {server: "%s"}}]
    users: [{name: demo, user: {}}]
    contexts: [{name: demo, context: {cluster: demo, user: demo, namespace: %s}}]
    current-context: demo
    """
        .formatted(platform.api().url(), EmbeddedApi.NAMESPACE);
  }

  private void apply(String... files) {
    for (var file : files) {
      platform.applyHere(EXAMPLES.resolve(file));
    }
  }

  /** What the status says is held against PostgreSQL's own catalog. */
  private TuneTrailDatabaseStatus awaitUpToDate(String name) {
    var database = platform.awaitReason(name, Reason.UP_TO_DATE, LIMIT);
    var status = requireNonNull(database.getStatus(), "status");
    int counted = tables(database(database));
    require(
        requireNonNullElse(status.tableCount(), -1) == counted,
        name + ": the status says " + status.tableCount() + " tables, PostgreSQL " + counted);
    return status;
  }

  private String database(TuneTrailDatabase database) {
    var secret = database.getSpec().connection().secretRef().name();
    var data = platform.client().secrets().withName(secret).get().getData();
    return new String(Base64.getDecoder().decode(data.get("database")), StandardCharsets.UTF_8);
  }

  private int tables(String database) {
    var names =
        platform
            .postgres()
            .query(
                database,
                """
                SELECT tablename FROM pg_tables
                 WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'tunetrail')
                   AND tablename <> 'flyway_schema_history'
                """);
    return names.size();
  }

  private static List<PendingMigration> pending(TuneTrailDatabase database) {
    var status = requireNonNull(database.getStatus(), "status");
    return requireNonNullElse(status.pending(), List.of());
  }

  private static PlanStatus plan(TuneTrailDatabase database) {
    return requireNonNull(requireNonNull(database.getStatus(), "status").plan(), "status.plan");
  }

  private static void require(boolean fact, String otherwise) {
    if (!fact) {
      throw new IllegalStateException(otherwise);
    }
  }

  private void show(String happened) {
    say("");
    say(happened);
    say(platform.table());
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
