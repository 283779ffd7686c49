package io.tunetrail.operator.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WebhookTest {
  private static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  @TempDir private Path folder = Path.of("unset");
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final List<String> counted = new CopyOnWriteArrayList<>();
  private volatile Function<Received, Integer> answer = _ -> 204;
  private final HttpServer server = receiver();

  private record Received(String id, String time, String signature, String type, String body) {}

  @BeforeEach
  void key() throws IOException {
    Files.writeString(folder.resolve("key"), KEY);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private HttpServer receiver() {
    try {
      var made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      made.createContext("/", this::take);
      made.start();
      return made;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      var headers = exchange.getRequestHeaders();
      var it =
          new Received(
              headers.getFirst("webhook-id"),
              headers.getFirst("webhook-timestamp"),
              headers.getFirst("webhook-signature"),
              headers.getFirst("Content-Type"),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      received.add(it);
      exchange.sendResponseHeaders(answer.apply(it), -1);
    }
  }

  private Webhook webhook() {
    var url =
        URI.create("http://127.0.0.1:%d/hook?token=t".formatted(server.getAddress().getPort()));
    return Webhook.start(
        new WebhookSettings(url, folder), () -> NOW, counted::add, Duration.ofMillis(10));
  }

  private static Notice notice(String id) {
    return new Notice(id, "io.tunetrail.test", "/songs", "music/songs", NOW, Map.of("n", id));
  }

  private List<String> ids() {
    return received.stream().map(Received::id).toList();
  }

  private void awaitCounted(String... outcomes) {
    await().atMost(Duration.ofSeconds(30)).until(() -> counted.size() >= outcomes.length);
    assertThat(counted).containsExactly(outcomes);
  }

  @Test
  void a_notification_is_signed_and_arrives_once() {
    try (var webhook = webhook()) {
      webhook.accept(notice("one"));
      webhook.accept(notice("one"));
      webhook.accept(notice("two"));
      awaitCounted("delivered", "delivered");
    }
    assertThat(ids()).containsExactly("one", "two");
    var first = received.getFirst();
    assertThat(first.type()).isEqualTo("application/cloudevents+json; charset=utf-8");
    assertThat(first.time()).isEqualTo(Long.toString(NOW.getEpochSecond()));
    assertThat(first.body()).isEqualTo(notice("one").json());
    assertThat(first.signature())
        .isEqualTo(WebhookSignature.by(KEY).of("one", NOW.getEpochSecond(), first.body()));
  }

  @Test
  void a_receiver_that_can_not_now_is_asked_again_in_order() {
    answer = it -> it.id().equals("one") && received.size() < 3 ? 503 : 200;
    try (var webhook = webhook()) {
      webhook.accept(notice("one"));
      webhook.accept(notice("two"));
      awaitCounted("delivered", "delivered");
    }
    assertThat(ids()).containsExactly("one", "one", "one", "two");
  }

  @Test
  void what_is_never_taken_is_dropped_after_so_many_attempts_and_the_next_is_delivered() {
    answer = it -> it.id().equals("one") ? 500 : 200;
    try (var webhook = webhook()) {
      webhook.accept(notice("one"));
      webhook.accept(notice("two"));
      awaitCounted("dropped", "delivered");
    }
    assertThat(ids()).hasSize(Webhook.ATTEMPTS + 1);
  }

  @Test
  void what_is_refused_is_not_asked_for_again_and_no_redirect_is_followed() {
    answer = it -> it.id().equals("one") ? 400 : 302;
    try (var webhook = webhook()) {
      webhook.accept(notice("one"));
      webhook.accept(notice("two"));
      awaitCounted("dropped", "dropped");
    }
    assertThat(ids()).containsExactly("one", "two");
  }

  @Test
  void who_tells_never_waits_and_what_finds_no_room_is_dropped() {
    var held = new CountDownLatch(1);
    answer =
        _ -> {
          await().until(() -> held.getCount() == 0);
          return 200;
        };
    try (var webhook = webhook()) {
      for (int it = 0; it < Webhook.QUEUED + 100; it++) {
        webhook.accept(notice("n" + it));
      }
      assertThat(counted).hasSizeBetween(99, 100).containsOnly("dropped");
      held.countDown();
      await().until(() -> counted.contains("delivered"));
    }
    assertThat(counted).as("none is lost uncounted").hasSize(Webhook.QUEUED + 100);
  }

  @Test
  void a_key_that_comes_later_signs_then() throws IOException {
    Files.delete(folder.resolve("key"));
    try (var webhook = webhook()) {
      webhook.accept(notice("one"));
      await().during(Duration.ofMillis(30)).until(received::isEmpty);
      Files.writeString(folder.resolve("key"), KEY);
      awaitCounted("delivered");
    }
  }

  @Test
  void an_operator_that_ends_delivers_what_is_queued() {
    var webhook = webhook();
    for (int it = 0; it < 20; it++) {
      webhook.accept(notice("n" + it));
    }
    webhook.close();
    assertThat(received).hasSize(20);
  }

  @Test
  void an_operator_that_ends_does_not_wait_for_a_receiver_that_is_away() {
    server.stop(0);
    var webhook = webhook();
    webhook.accept(notice("one"));
    webhook.accept(notice("two"));
    long begun = System.nanoTime();
    webhook.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void a_url_that_is_none_or_not_secret_is_refused_without_being_told() {
    for (var url : List.of("http://h/t0ken", "https://u:t0ken@h/", "https:///t0ken", "h t0ken")) {
      assertThatThrownBy(() -> WebhookSettings.of(url, "/etc"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("WEBHOOK_URL")
          .hasMessageNotContaining("t0ken");
    }
    assertThat(WebhookSettings.of("https://h:8443/t0ken", "/etc").where()).isEqualTo("h:8443");
  }
}
