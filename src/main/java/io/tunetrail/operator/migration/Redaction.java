package io.tunetrail.operator.migration;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Takes secrets out of texts.
 *
 * @param secrets longest first, so that none leaves a part of another
 */
public record Redaction(List<String> secrets) {
  private static final String MASK = "***";

  /** Knows no secret. */
  public static final Redaction NONE = new Redaction(List.of());

  /** Masks the password as it is and percent-encoded as URLs have it. */
  public static Redaction ofPassword(String password) {
    var forms = new ArrayList<String>();
    if (!password.isEmpty()) {
      var formEncoded = URLEncoder.encode(password, StandardCharsets.UTF_8);
      forms.add(password);
      forms.add(formEncoded);
      forms.add(formEncoded.replace("+", "%20"));
    }
    forms.sort(Comparator.comparingInt(String::length).reversed());
    return new Redaction(forms.stream().distinct().toList());
  }

  /** Masks what either of the two knows. */
  public Redaction and(Redaction other) {
    return new Redaction(
        Stream.concat(secrets.stream(), other.secrets.stream())
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList());
  }

  public String apply(String text) {
    var redacted = text;
    for (var secret : secrets) {
      redacted = redacted.replace(secret, MASK);
    }
    return redacted;
  }
}
