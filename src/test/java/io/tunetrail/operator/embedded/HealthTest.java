package io.tunetrail.operator.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.lifecycle.JobSlots;
import io.tunetrail.operator.runtime.Configuration;
import io.tunetrail.operator.runtime.OperatorRuntime;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What answers over HTTP; who a token is, only a real API server knows. */
class HealthTest {
  private final HttpClient http = HttpClient.newHttpClient();

  private HttpResponse<String> ask(OperatorRuntime operator, String path, String... headers)
      throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:%d%s".formatted(operator.httpPort(), path));
    var request = HttpRequest.newBuilder(uri);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void the_kubelet_needs_no_token_and_who_asks_for_a_database_does() throws Exception {
    try (var api = new EmbeddedApi();
        var client = api.client("operator");
        var operator = EmbeddedPlatform.operator(client)) {
      assertThat(ask(operator, "/livez").statusCode()).isEqualTo(200);
      assertThat(ask(operator, "/readyz").statusCode()).isEqualTo(200);
      var nobody = ask(operator, "/health/databases/default/songs");
      assertThat(nobody.statusCode()).isEqualTo(401);
      assertThat(nobody.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
      assertThat(nobody.headers().firstValue("Cache-Control")).hasValue("no-store");
      assertThat(
              ask(operator, "/health/databases/default/songs", "Authorization", "Bearer made-up")
                  .statusCode())
          .as("nobody is told anything where the API server can't say who asks")
          .isEqualTo(503);
    }
  }

  @Test
  void it_can_be_switched_off() throws Exception {
    var off =
        new Configuration(
            "local-process",
            Set.of(),
            0,
            null,
            JobSlots.DEFAULT,
            JobSlots.BACKUPS,
            false,
            null,
            false);
    try (var api = new EmbeddedApi();
        var client = api.client("operator");
        var operator = OperatorRuntime.start(client, off)) {
      assertThat(ask(operator, "/health/databases/default/songs").statusCode()).isEqualTo(404);
      assertThat(ask(operator, "/livez").statusCode()).isEqualTo(200);
    }
  }
}
