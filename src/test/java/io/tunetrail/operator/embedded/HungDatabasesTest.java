package io.tunetrail.operator.embedded;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.runtime.OperatorRuntime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many servers that take a connection and never say a word, beside a few that work. */
class HungDatabasesTest {
  private static final int HUNG = 300;

  /** Ten threads that wait for 300 servers, 5 s each, take 150 s for one round. */
  private static final Duration LIMIT = Duration.ofSeconds(90);

  /** Each of at most 40 looks at once has one thread of its own, the driver's. */
  private static final int MOST_THREADS = 40;

  private final List<Socket> taken = new CopyOnWriteArrayList<>();
  private @Nullable OperatorRuntime runtime;

  @Test
  void fault_58_three_hundred_hung_databases_keep_neither_threads_nor_the_healthy_ones(
      @TempDir Path folder) throws Exception {
    try (var silence = new ServerSocket(0, HUNG, InetAddress.getLoopbackAddress());
        var platform =
            new EmbeddedPlatform(folder, client -> runtime = EmbeddedPlatform.operator(client))) {
      Thread.ofVirtual().start(() -> takeAll(silence));
      platform.applyConfigMap("scripts", Map.of("V1__songs.sql", "CREATE TABLE songs (id int);"));
      for (int i = 0; i < HUNG; i++) {
        hung(platform, "hung-" + i, silence.getLocalPort());
      }
      await().atMost(LIMIT).until(() -> taken.size() >= 10);

      var healthy = IntStream.range(0, 5).mapToObj(i -> "healthy-" + i).toList();
      for (var name : healthy) {
        platform.newDatabase(name, name, name, "secret");
        platform.applyFlyway(name, "scripts");
      }
      for (var name : healthy) {
        platform.awaitReason(name, Reason.UP_TO_DATE, LIMIT);
      }
      assertThat(driverThreads()).isLessThanOrEqualTo(MOST_THREADS);
      assertThat(probe("/livez")).isEqualTo(200);
      assertThat(probe("/readyz")).isEqualTo(200);
      await().atMost(LIMIT).until(() -> unreachable(platform) > HUNG / 10);
      assertThat(driverThreads()).isLessThanOrEqualTo(MOST_THREADS);
      assertThat(page())
          .containsPattern("tunetrail_database_up\\{name=\"healthy-4\",namespace=\".+\"} 1.0")
          .containsPattern("tunetrail_look_failures_total\\{name=\"hung-.*\"DatabaseUnreachable\"");
    }
  }

  /** Until the socket is closed. */
  private void takeAll(ServerSocket silence) {
    try {
      while (true) {
        taken.add(silence.accept());
      }
    } catch (IOException _) {
      taken.forEach(HungDatabasesTest::close);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // The other side was faster.
    }
  }

  private static void hung(EmbeddedPlatform platform, String name, int port) {
    platform.applySecret(
        name,
        Map.of(
            "host",
            "127.0.0.1",
            "port",
            "" + port,
            "database",
            name,
            "username",
            name,
            "password",
            "secret"));
    platform.applyFlyway(name, "scripts");
  }

  private static long unreachable(EmbeddedPlatform platform) {
    return platform.client().resources(TuneTrailDatabase.class).list().getItems().stream()
        .map(EmbeddedPlatform::ready)
        .flatMap(Optional::stream)
        .filter(it -> it.reason().equals(Reason.DATABASE_UNREACHABLE.toString()))
        .count();
  }

  private static long driverThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(it -> it.getName().startsWith("PostgreSQL JDBC driver connection"))
        .count();
  }

  private int probe(String path) throws IOException, InterruptedException {
    return get(path).statusCode();
  }

  private String page() throws IOException, InterruptedException {
    return get("/metrics").body();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    var port = requireNonNull(runtime).httpPort();
    var request = HttpRequest.newBuilder(URI.create("http://localhost:%d%s".formatted(port, path)));
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
