package io.tunetrail.operator.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tunetrail.operator.database.ProgramBackends;
import io.tunetrail.operator.engine.RevisionGraph;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.Report;
import io.tunetrail.operator.migration.WorkLog;
import io.tunetrail.operator.migration.WorkOrder;
import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A pod with a guard at work in this process. A test plays the program's container, by hand or with
 * real hands.
 */
final class TestPod implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final TestDatabase database;
  private final Path folder;
  private final int port;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final Task task;
  private final String job = TestPostgres.uniqueName("karaoke-job").replace('_', '-');
  private List<String> command = List.of("alembic");
  private @Nullable String from;
  private @Nullable String target;
  private @Nullable String role;
  private @Nullable String identity;
  private boolean scratch;
  private long lockTimeoutMillis;
  private long statementTimeoutMillis;
  private @Nullable Guard guard;
  private @Nullable CompletableFuture<Integer> running;

  TestPod(TestDatabase database, Task task) {
    this.database = database;
    this.task = task;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
      folder = Files.createTempDirectory("test-guard");
      Files.createDirectories(shared());
      Files.createDirectories(folder.resolve("mounts/revisions"));
      connection("", database);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void connection(String prefix, TestDatabase its) throws IOException {
    var secret = Files.createDirectories(folder.resolve("mounts").resolve(prefix + "secret"));
    var keys =
        Map.of(
            "host", "localhost",
            "port", Integer.toString(its.server().port()),
            "database", its.name(),
            "username", its.owner(),
            "password", its.password(),
            "sslmode", "verify-full");
    for (var key : keys.entrySet()) {
      Files.writeString(secret.resolve(key.getKey()), key.getValue());
    }
    var authority = Files.createDirectories(folder.resolve("mounts").resolve(prefix + "ca"));
    Files.writeString(authority.resolve("ca.crt"), its.server().caPem());
  }

  TestPod command(List<String> words) {
    command = words;
    return this;
  }

  TestPod way(@Nullable String itsFrom, @Nullable String itsTarget) {
    from = itsFrom;
    target = itsTarget;
    return this;
  }

  TestPod role(String name) {
    role = name;
    return this;
  }

  /** What a look called the database that the Job is for. */
  TestPod identity(String value) {
    identity = value;
    return this;
  }

  TestPod limits(long lockMillis, long statementMillis) {
    lockTimeoutMillis = lockMillis;
    statementTimeoutMillis = statementMillis;
    return this;
  }

  TestPod scratch(TestDatabase server) throws IOException {
    connection("scratch-", server);
    scratch = true;
    return this;
  }

  TestPod graph(RevisionGraph graph) throws IOException {
    Files.writeString(folder.resolve("mounts/revisions/graph.json"), graph.toJson());
    return this;
  }

  String job() {
    return job;
  }

  Path folder() {
    return folder;
  }

  Path shared() {
    return folder.resolve("shared");
  }

  int port() {
    return port;
  }

  private WorkOrder order() {
    return TestOrders.order(
        new TestOrders.Wish(
            job,
            task,
            command,
            from,
            target,
            role,
            scratch,
            lockTimeoutMillis,
            statementTimeoutMillis));
  }

  /** The variables of the guard's container. */
  Map<String, String> variables() {
    try {
      return Map.of(
          WorkOrder.VARIABLE,
              JSON.writeValueAsString(
                  JSON.<ObjectNode>valueToTree(order()).put("database", identity)),
          WorkOrder.MOUNTS_VARIABLE, folder.resolve("mounts").toString(),
          WorkOrder.REPORT_VARIABLE, folder.resolve("report").toString(),
          GuardRole.SHARED_VARIABLE, shared().toString(),
          GuardRole.PORT_VARIABLE, Integer.toString(port));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts the guard's container; after crash once more. */
  TestPod start() {
    var out = new PrintStream(log, true, StandardCharsets.UTF_8);
    var started = new Guard(variables(), shared(), port, InstantSource.system(), new WorkLog(out));
    guard = started;
    running =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return started.run();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            task -> Thread.ofPlatform().daemon().start(task));
    return this;
  }

  /** Whether the program's container may start. */
  boolean isOpen() {
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  boolean isRunning() {
    return running != null && !running.isDone();
  }

  String log() {
    return log.toString(StandardCharsets.UTF_8);
  }

  void awaitLog(String text) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(log()).contains(text));
  }

  /** What the guard asks for; the test is its hands. */
  JsonNode request(int number) throws IOException {
    var file = shared().resolve("request-%d.json".formatted(number));
    await()
        .atMost(PATIENCE)
        .failFast(() -> assertThat(shared().resolve("report.json")).as(log()).doesNotExist())
        .until(() -> Files.exists(file));
    var request = JSON.readTree(Files.readString(file));
    Files.delete(file);
    return request;
  }

  void answer(int number, int exitCode, String output) throws IOException {
    answer(number, Map.of("exitCode", exitCode, "output", output));
  }

  void answer(int number, Map<String, ?> result) throws IOException {
    var partial = shared().resolve("result.tmp");
    Files.writeString(partial, JSON.writeValueAsString(result));
    Files.move(partial, shared().resolve("result-%d.json".formatted(number)));
  }

  /** A session as the program has one, which libpq would name so. */
  Connection program() throws SQLException {
    var connection = database.connect();
    try (var statement = connection.createStatement()) {
      statement.execute(
          "SET application_name = '%s'".formatted(ProgramBackends.applicationName(job)));
    }
    return connection;
  }

  /** What the program's container is told to say at its end. */
  Report report() throws IOException {
    var file = shared().resolve("report.json");
    await().atMost(PATIENCE).until(() -> Files.exists(file));
    return Report.parse(JSON.readTree(Files.readString(file)).path("report").asText())
        .orElseThrow();
  }

  int exitCode() throws IOException {
    return JSON.readTree(Files.readString(shared().resolve("report.json")))
        .path("exitCode")
        .asInt();
  }

  /** The pod ends; answers the guard's exit code. */
  int stop() {
    if (guard == null || running == null) {
      return 0;
    }
    boolean _ = guard.stop();
    return running.join();
  }

  @Override
  public void close() {
    stop();
  }
}
