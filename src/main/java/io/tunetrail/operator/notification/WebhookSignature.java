package io.tunetrail.operator.notification;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs as Standard Webhooks has it: HMAC-SHA256 of id, time and body. With several keys there are
 * as many signatures, so that a key can be replaced while a receiver still has the other.
 */
final class WebhookSignature {
  private static final String PREFIX = "whsec_";
  private static final int SHORTEST = 24;
  private static final int LONGEST = 64;
  private static final String ALGORITHM = "HmacSHA256";

  private final List<SecretKeySpec> keys;

  private WebhookSignature(List<SecretKeySpec> keys) {
    this.keys = keys;
  }

  /**
   * By keys, one a line, each {@code whsec_} and base64 of 24 to 64 bytes; throws {@link
   * IllegalArgumentException} that does not tell them.
   */
  static WebhookSignature by(String text) {
    var keys = text.lines().map(String::strip).filter(it -> !it.isEmpty()).map(it -> key(it));
    var all = keys.toList();
    if (all.isEmpty()) {
      throw new IllegalArgumentException("there is no key");
    }
    return new WebhookSignature(all);
  }

  private static SecretKeySpec key(String text) {
    var bytes = text.startsWith(PREFIX) ? decoded(text.substring(PREFIX.length())) : new byte[0];
    if (bytes.length < SHORTEST || bytes.length > LONGEST) {
      throw new IllegalArgumentException(
          "a key is %s and base64 of %d to %d bytes".formatted(PREFIX, SHORTEST, LONGEST));
    }
    return new SecretKeySpec(bytes, ALGORITHM);
  }

  private static byte[] decoded(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  /** The header webhook-signature. */
  String of(String id, long seconds, String body) {
    var signed = "%s.%d.%s".formatted(id, seconds, body).getBytes(StandardCharsets.UTF_8);
    return keys.stream().map(key -> "v1," + mac(key, signed)).collect(Collectors.joining(" "));
  }

  private static String mac(SecretKeySpec key, byte[] signed) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return Base64.getEncoder().encodeToString(mac.doFinal(signed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }
}
