package io.tunetrail.operator.database;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a {@code postgresql://user:password@host:port/database?sslmode=…}, percent-decoded;
 * each null where the uri has none.
 */
record PostgresUri(
    @Nullable String host,
    @Nullable String port,
    @Nullable String database,
    @Nullable String username,
    @Nullable String password,
    @Nullable String sslMode) {

  static final PostgresUri NONE = new PostgresUri(null, null, null, null, null, null);

  /** Throws {@link IllegalArgumentException}, whose message quotes nothing of the uri. */
  static PostgresUri parse(String uri) {
    var rest = afterScheme(uri);
    var query = after(rest, '?');
    var beforeQuery = before(rest, '?');
    var authority = before(beforeQuery, '/');
    var at = authority.lastIndexOf('@');
    var user = at < 0 ? "" : authority.substring(0, at);
    var address = authority.substring(at + 1);
    int colon = address.lastIndexOf(':');
    boolean hasPort = colon >= 0 && !address.endsWith("]");
    return new PostgresUri(
        decoded(hasPort ? address.substring(0, colon) : address),
        decoded(hasPort ? address.substring(colon + 1) : ""),
        decoded(after(beforeQuery, '/')),
        decoded(before(user, ':')),
        decoded(after(user, ':')),
        sslMode(query));
  }

  private static String afterScheme(String uri) {
    for (var scheme : new String[] {"postgresql://", "postgres://"}) {
      if (uri.startsWith(scheme)) {
        return uri.substring(scheme.length());
      }
    }
    throw new IllegalArgumentException("it does not begin with postgresql:// or postgres://");
  }

  private static @Nullable String sslMode(String query) {
    String mode = null;
    for (var parameter : query.split("&", -1)) {
      if (parameter.isEmpty()) {
        continue;
      }
      if (!before(parameter, '=').equals("sslmode")) {
        throw new IllegalArgumentException("it has a parameter other than sslmode");
      }
      mode = decoded(after(parameter, '='));
    }
    return mode;
  }

  private static String before(String text, char separator) {
    int at = text.indexOf(separator);
    return at < 0 ? text : text.substring(0, at);
  }

  private static String after(String text, char separator) {
    int at = text.indexOf(separator);
    return at < 0 ? "" : text.substring(at + 1);
  }

  private static @Nullable String decoded(String text) {
    if (text.isEmpty()) {
      return null;
    }
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a percent sign is not followed by two hexadecimal digits");
    }
  }
}
