package io.tunetrail.operator.embedded;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.runtime.Configuration;
import io.tunetrail.operator.runtime.OperatorRuntime;
import io.tunetrail.operator.testing.TestPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * All that the operator needs, in one JVM and its child processes: an API, a node, a PostgreSQL,
 * and the operator.
 */
public final class EmbeddedPlatform implements AutoCloseable {
  /**
   * The ConfigMap with the authority, at key {@code ca.crt}, that signed PostgreSQL's certificate.
   */
  public static final String AUTHORITY = "pg-ca";

  /** How the operator starts against this platform's API; what it returns stops it. */
  public interface OperatorStart {
    AutoCloseable start(KubernetesClient client) throws Exception;
  }

  private final TestPostgres postgres = TestPostgres.start();
  private final EmbeddedApi api = new EmbeddedApi();
  private final KubernetesClient client = api.client("user");
  private final KubernetesClient nodeClient = api.client("local-kubelet");
  private final LocalKubelet kubelet;
  private final OperatorStart operatorStart;
  private @Nullable KubernetesClient operatorClient;
  private @Nullable AutoCloseable operator;

  /**
   * Starts everything; PostgreSQL is the JVM's one.
   *
   * @param folder for the pods' volumes and logs
   */
  public EmbeddedPlatform(Path folder, OperatorStart operatorStart) {
    this.operatorStart = operatorStart;
    kubelet = new LocalKubelet(nodeClient, folder);
    api.serveLogs(pod -> kubelet.log(pod).flatMap(EmbeddedPlatform::text));
    applyConfigMap(AUTHORITY, Map.of("ca.crt", postgres.caPem()));
    startOperator();
  }

  private static Optional<String> text(Path log) {
    try {
      return Files.exists(log) ? Optional.of(Files.readString(log)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With the operator as its Deployment starts it, for all namespaces. */
  public static EmbeddedPlatform withOperator(Path folder) {
    return new EmbeddedPlatform(folder, EmbeddedPlatform::operator);
  }

  /** The operator as its Deployment starts it, for all namespaces. */
  static OperatorRuntime operator(KubernetesClient client) {
    return OperatorRuntime.start(client, new Configuration("local-process", Set.of(), 0));
  }

  public TestPostgres postgres() {
    return postgres;
  }

  public EmbeddedApi api() {
    return api;
  }

  /** A user's client; its agent is {@code user}, the operator's {@code operator}. */
  public KubernetesClient client() {
    return client;
  }

  public LocalKubelet kubelet() {
    return kubelet;
  }

  /** Starts the operator anew, with a client and caches of its own. */
  public void startOperator() {
    stopOperator();
    operatorClient = api.client("operator");
    try {
      operator = operatorStart.start(operatorClient);
    } catch (Exception e) {
      throw new IllegalStateException("the operator does not start: " + e.getMessage(), e);
    }
  }

  /** Stops the operator, where it runs; all else goes on. */
  public void stopOperator() {
    try {
      if (operator != null) {
        operator.close();
      }
    } catch (Exception e) {
      throw new IllegalStateException("the operator does not stop", e);
    } finally {
      operator = null;
      if (operatorClient != null) {
        operatorClient.close();
      }
    }
  }

  /** A database of its own for a role of its own, and the Secret that names them. */
  public void newDatabase(String secret, String database, String role, String password) {
    postgres.newDatabase(database, role, password);
    applyConnection(secret, database, role, password);
  }

  /** The Secret that names a database of the embedded server. */
  public void applyConnection(String secret, String database, String role, String password) {
    applySecret(
        secret,
        Map.of(
            "host", postgres.host(),
            "port", String.valueOf(postgres.port()),
            "database", database,
            "username", role,
            "password", password));
  }

  public void applySecret(String name, Map<String, String> data) {
    var secret = new SecretBuilder();
    apply(secret.withNewMetadata().withName(name).endMetadata().withStringData(data).build());
  }

  public void applyConfigMap(String name, Map<String, String> data) {
    var configMap = new ConfigMapBuilder().withNewMetadata().withName(name).endMetadata();
    apply(configMap.withData(data).build());
  }

  /** Scripts whose changes count at once. */
  public void applyScripts(String name, Map<String, String> files) {
    var configMap = new ConfigMapBuilder().withNewMetadata().withName(name);
    apply(
        configMap.addToLabels("tunetrail.io/watch", "true").endMetadata().withData(files).build());
  }

  /**
   * A resource in staging, which migrates to the latest of the scripts; its Secret has its name.
   */
  public void applyFlyway(String name, String scripts) {
    apply(
        """
        apiVersion: tunetrail.io/v1alpha1
        kind: TuneTrailDatabase
        metadata: {name: %1$s}
        spec:
          edition: commercial
          environment: staging
          connection: {secretRef: {name: %1$s}}
          schema: {flyway: {configMaps: [{name: %2$s}]}}
        """
            .formatted(name, scripts));
  }

  /** The Jobs of a resource. */
  public List<Job> jobs(String name) {
    return client.batch().v1().jobs().withLabel("tunetrail.io/database", name).list().getItems();
  }

  /** Creates or changes what the YAML documents describe. */
  public void apply(String yaml) {
    for (HasMetadata object :
        client.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))).items()) {
      apply(object);
    }
  }

  public void apply(HasMetadata object) {
    client.resource(object).forceConflicts().serverSideApply();
  }

  /**
   * Applies a file, with each Secret that names a server pointed to the embedded one, where the
   * role and database it names are made.
   */
  public void applyHere(Path file) {
    try (var in = Files.newInputStream(file)) {
      for (HasMetadata object : client.load(in).items()) {
        if (object instanceof Secret secret && secret.getStringData().containsKey("host")) {
          pointHere(secret.getStringData());
        }
        apply(object);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void pointHere(Map<String, String> connection) {
    var database = requireNonNull(connection.get("database"), "database");
    var role = requireNonNull(connection.get("username"), "username");
    var password = requireNonNull(connection.get("password"), "password");
    if (postgres.query("SELECT datname FROM pg_database").stream().noneMatch(database::equals)) {
      postgres.newDatabase(database, role, password);
    }
    connection.put("host", postgres.host());
    connection.put("port", String.valueOf(postgres.port()));
  }

  /** The resource of this name as it is now. */
  public TuneTrailDatabase get(String name) {
    return requireNonNull(client.resources(TuneTrailDatabase.class).withName(name).get(), name);
  }

  /** Waits until the operator has seen the spec as it is now and Ready has this reason. */
  public TuneTrailDatabase awaitReason(String name, Reason reason, Duration limit) {
    return await(name, limit, "Ready with reason " + reason, database -> has(database, reason));
  }

  /** Waits for a condition of the resource; when it does not come the error tells its status. */
  public TuneTrailDatabase await(
      String name, Duration limit, String what, Predicate<TuneTrailDatabase> condition) {
    try {
      return Awaitility.await()
          .atMost(limit)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> get(name), condition);
    } catch (ConditionTimeoutException e) {
      var status = ready(get(name)).map(r -> r.reason() + ", " + r.message()).orElse("no status");
      throw new IllegalStateException(
          "%s: not %s after %d s, but %s".formatted(name, what, limit.toSeconds(), status), e);
    }
  }

  /** Whether the status is of this spec, and says so by its condition Ready. */
  static boolean has(TuneTrailDatabase database, Reason reason) {
    var seen = database.getStatus() == null ? null : database.getStatus().observedGeneration();
    return Objects.equals(seen, database.getMetadata().getGeneration())
        && ready(database).filter(ready -> ready.reason().equals(reason.toString())).isPresent();
  }

  /** The condition Ready; empty before the operator's first word. */
  public static Optional<Condition> ready(TuneTrailDatabase database) {
    var status = database.getStatus();
    var conditions = status == null ? null : status.conditions();
    return conditions == null
        ? Optional.empty()
        : conditions.stream().filter(condition -> condition.type().equals("Ready")).findFirst();
  }

  /** All resources of the namespace as {@code kubectl get ttdb} prints them. */
  public String table() {
    return api.table(List.copyOf(client.resources(TuneTrailDatabase.class).list().getItems()));
  }

  /** Stops everything but PostgreSQL, which ends with the JVM. */
  @Override
  public void close() {
    stopOperator();
    kubelet.close();
    nodeClient.close();
    client.close();
    api.close();
  }
}
