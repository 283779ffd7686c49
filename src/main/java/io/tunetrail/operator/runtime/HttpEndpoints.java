package io.tunetrail.operator.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tunetrail.operator.health.HealthQuestion;
import io.tunetrail.operator.metrics.OperatorMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Answers the kubelet and Prometheus: /livez while a new start would mend nothing, /readyz once the
 * caches are filled, /metrics; and whoever may ask for a database's health.
 */
final class HttpEndpoints implements AutoCloseable {
  private final HttpServer server;

  /** A page of metrics that takes its time must not make the kubelet wait. */
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  HttpEndpoints(int port, Supplier<String> metrics, BooleanSupplier alive, BooleanSupplier ready)
      throws IOException {
    server = HttpServer.create(new InetSocketAddress(port), 0);
    server.setExecutor(threads);
    server.createContext("/livez", exchange -> answer(exchange, alive.getAsBoolean()));
    server.createContext("/readyz", exchange -> answer(exchange, ready.getAsBoolean()));
    server.createContext(
        "/metrics", exchange -> answer(exchange, 200, OperatorMetrics.CONTENT_TYPE, metrics.get()));
    server.start();
  }

  /** From now on answers for databases, too. */
  void answer(HealthQuestion health) {
    server.createContext(HealthQuestion.PATH, exchange -> answer(exchange, health));
  }

  private static void answer(HttpExchange exchange, HealthQuestion health) throws IOException {
    var answer =
        health.answer(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath(),
            exchange.getRequestHeaders().getFirst("Authorization"));
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    if (answer.code() == 401) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
    }
    answer(exchange, answer.code(), "application/json", answer.body());
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, boolean good) throws IOException {
    answer(exchange, good ? 200 : 503, "text/plain", good ? "ok\n" : "not yet\n");
  }

  private static void answer(HttpExchange exchange, int code, String type, String text)
      throws IOException {
    var body = text.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", type);
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.sendResponseHeaders(code, -1);
        return;
      }
      exchange.sendResponseHeaders(code, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
