package io.tunetrail.operator.notification;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/**
 * Where notifications go.
 *
 * @param folder a mounted Secret: {@code key} signs them, {@code ca.crt}, where it is there, is who
 *     signed the receiver's certificate
 */
public record WebhookSettings(URI url, Path folder) {
  private static final String VARIABLE = "WEBHOOK_URL";

  /**
   * As the operator's environment has them; throws {@link IllegalArgumentException} whose words do
   * not tell the URL, which may hold a token.
   */
  public static WebhookSettings of(String url, String folder) {
    try {
      var parsed = new URI(url.strip());
      if (!"https".equals(parsed.getScheme()) || parsed.getHost() == null) {
        throw new IllegalArgumentException(VARIABLE + " must be https://HOST…");
      }
      if (parsed.getUserInfo() != null) {
        throw new IllegalArgumentException(VARIABLE + " must not hold a user or password");
      }
      return new WebhookSettings(parsed, Path.of(folder));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "%s is no URL: %s at character %d".formatted(VARIABLE, e.getReason(), e.getIndex()));
    }
  }

  /** Without path and query, which may hold a token. */
  public String where() {
    return url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort();
  }
}
