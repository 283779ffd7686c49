package io.tunetrail.operator.embedded;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.runtime.OperatorRuntime;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real operator with an API server that loses, refuses and breaks. */
class ApiFaultsTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String SONGS = "CREATE TABLE songs (id int PRIMARY KEY);";
  private static final String USERS = "CREATE TABLE users (id int PRIMARY KEY);";

  @TempDir static Path folder = Path.of("");
  private static final AtomicReference<OperatorRuntime> OPERATOR = new AtomicReference<>();
  private static EmbeddedPlatform platform;

  @BeforeAll
  static void start() {
    platform =
        new EmbeddedPlatform(
            folder,
            client -> {
              OPERATOR.set(EmbeddedPlatform.operator(client));
              return OPERATOR.get();
            });
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @Test
  void fault_03_what_lost_watch_events_did_not_tell_the_periodic_look_finds() {
    database("deaf", Map.of("V1__songs.sql", SONGS));
    platform.awaitReason("deaf", Reason.UP_TO_DATE, LIMIT);

    try (var _ = platform.api().loseEventsOf("operator")) {
      platform.applyScripts("deaf", Map.of("V1__songs.sql", SONGS, "V2__users.sql", USERS));
      platform.await("deaf", LIMIT, "at version 2", it -> "2".equals(version(it)));
      platform.awaitReason("deaf", Reason.UP_TO_DATE, LIMIT);
    }
    assertThat(platform.jobs("deaf")).hasSize(2);
  }

  @Test
  void fault_06_a_conflict_on_the_status_patch_is_retried_until_it_is_written() {
    var conflicts = new AtomicInteger();
    Predicate<ApiRequest> patch =
        it ->
            it.writes()
                && it.path().endsWith("/contended/status")
                && conflicts.incrementAndGet() > 0;
    try (var _ = platform.api().refuse(patch, 409, "Conflict", "the object has been modified")) {
      database("contended", Map.of("V1__songs.sql", SONGS));
      await().atMost(LIMIT).until(() -> conflicts.get() >= 3);
    }
    platform.awaitReason("contended", Reason.UP_TO_DATE, LIMIT);
    assertThat(platform.jobs("contended")).hasSize(1);
  }

  @Test
  void fault_07_storms_of_429_and_500_are_waited_out_without_a_crash_or_a_storm_of_our_own()
      throws Exception {
    var operator = OPERATOR.get();
    var refused = new AtomicInteger();
    Predicate<ApiRequest> even =
        it -> isOperators(it) && refused.get() % 2 == 0 && refused.incrementAndGet() > 0;
    Predicate<ApiRequest> odd = it -> isOperators(it) && refused.incrementAndGet() > 0;
    var began = System.nanoTime();
    long seconds;
    try (var _ = platform.api().refuse(even, 429, "TooManyRequests", "slow down");
        var _ = platform.api().refuse(odd, 500, "InternalError", "etcd is away")) {
      database("stormy", Map.of("V1__songs.sql", SONGS));
      await().atMost(LIMIT).until(() -> refused.get() >= 10);
      seconds = 1 + Duration.ofNanos(System.nanoTime() - began).toSeconds();
      assertThat(platform.jobs("stormy")).isEmpty();
      assertThat(livez(operator)).isEqualTo(200);
    }
    platform.awaitReason("stormy", Reason.UP_TO_DATE, LIMIT);
    assertThat(OPERATOR.get()).isSameAs(operator);
    assertThat(livez(operator)).isEqualTo(200);
    assertThat(platform.jobs("stormy")).hasSize(1);
    assertThat(refused.get()).as("requests in %d s", seconds).isLessThan(30 * (int) seconds);
  }

  @Test
  void fault_13_a_missing_right_is_a_condition_that_goes_once_it_is_granted() {
    var words =
        "secrets \"barred\" is forbidden: User \"system:serviceaccount:x:operator\" cannot get"
            + " resource \"secrets\" in API group \"\" in the namespace \"default\"";
    Predicate<ApiRequest> secret = it -> isOperators(it) && it.path().endsWith("/secrets/barred");
    try (var _ = platform.api().refuse(secret, 403, "Forbidden", words)) {
      database("barred", Map.of("V1__songs.sql", SONGS));
      var barred = platform.awaitReason("barred", Reason.RIGHT_MISSING, LIMIT);
      assertThat(EmbeddedPlatform.ready(barred).orElseThrow().message())
          .contains("system:serviceaccount:x:operator may not get secrets in namespace default")
          .endsWith(Reason.RIGHT_MISSING.remedy());
    }
    platform.awaitReason("barred", Reason.UP_TO_DATE, LIMIT);
  }

  private static boolean isOperators(ApiRequest request) {
    return request.agent().equals("operator");
  }

  private static int livez(OperatorRuntime operator) throws IOException, InterruptedException {
    var uri = URI.create("http://localhost:%d/livez".formatted(operator.httpPort()));
    try (var http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
    }
  }

  private static void database(String name, Map<String, String> scripts) {
    platform.newDatabase(name, name, name, "secret");
    platform.applyScripts(name, scripts);
    platform.applyFlyway(name, name);
  }

  private static String version(TuneTrailDatabase database) {
    return String.valueOf(requireNonNull(database.getStatus()).migrationVersion());
  }
}
