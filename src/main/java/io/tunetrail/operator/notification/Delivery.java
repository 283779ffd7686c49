package io.tunetrail.operator.notification;

import io.tunetrail.operator.database.TrustedCertificates;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** One attempt to deliver after another; for one thread. */
final class Delivery {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration WHOLE = Duration.ofSeconds(10);

  /** What may be otherwise later; all else that is refused is refused for good. */
  private static final Set<Integer> LATER = Set.of(408, 425, 429);

  /** What became of an attempt. */
  sealed interface Outcome {}

  /** The receiver has it. */
  record Done() implements Outcome {}

  /** It may take it later. */
  record Later(String why) implements Outcome {}

  /** It will never take it. */
  record Never(String why) implements Outcome {}

  private final WebhookSettings settings;
  private final InstantSource clock;
  private @Nullable HttpClient client;
  private @Nullable String authority;

  Delivery(WebhookSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** The key and the authority are read each time, because a mounted Secret may change. */
  Outcome attempt(Notice notice) throws InterruptedException {
    try {
      var response = client().send(request(notice), BodyHandlers.discarding());
      return outcome(response);
    } catch (NoSuchFileException e) {
      return new Later("there is no file " + e.getFile());
    } catch (IllegalArgumentException e) {
      return new Later("%s/key: %s".formatted(settings.folder(), e.getMessage()));
    } catch (IOException | GeneralSecurityException e) {
      return new Later(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }

  private HttpRequest request(Notice notice) throws IOException {
    var signature = WebhookSignature.by(Files.readString(settings.folder().resolve("key")));
    var body = notice.json();
    long now = clock.instant().getEpochSecond();
    return HttpRequest.newBuilder(settings.url())
        .timeout(WHOLE)
        .header("Content-Type", Notice.CONTENT_TYPE)
        .header("User-Agent", "tunetrail-operator")
        .header("webhook-id", notice.id())
        .header("webhook-timestamp", Long.toString(now))
        .header("webhook-signature", signature.of(notice.id(), now, body))
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private static Outcome outcome(HttpResponse<Void> response) {
    int code = response.statusCode();
    if (code >= 200 && code < 300) {
      return new Done();
    }
    var why = "the receiver answers " + code;
    return code >= 500 || LATER.contains(code) ? new Later(why) : new Never(why);
  }

  private HttpClient client() throws IOException, GeneralSecurityException {
    var known = client;
    var pem = authority();
    if (known == null || !pem.equals(authority)) {
      if (known != null) {
        known.close();
      }
      known = newClient(pem);
      client = known;
      authority = pem;
    }
    return known;
  }

  /** Empty: those that the JVM trusts. */
  private String authority() throws IOException {
    var file = settings.folder().resolve("ca.crt");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private static HttpClient newClient(String pem) throws IOException, GeneralSecurityException {
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER);
    if (!pem.isEmpty()) {
      var context = SSLContext.getInstance("TLS");
      context.init(null, TrustedCertificates.of(pem), null);
      builder.sslContext(context);
    }
    return builder.build();
  }
}
