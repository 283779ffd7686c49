package io.tunetrail.operator.guard;

import io.tunetrail.operator.api.Driver;
import io.tunetrail.operator.database.ConnectionSettings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A database's URL, password included.
 *
 * @param authorities the file with the certificates that may sign the server's; null where the
 *     driver is to check none
 */
record DatabaseUrl(ConnectionSettings settings, @Nullable String authorities) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.~-]+");

  /** As the driver reads it, or SQLAlchemy for the driver. */
  String of(Driver driver) {
    return switch (driver) {
      case NONE -> libpq("postgresql");
      case PSYCOPG -> libpq("postgresql+psycopg");
      case PSYCOPG2 -> libpq("postgresql+psycopg2");
      case ASYNCPG -> url("postgresql+asyncpg", "database", "ssl=" + settings.sslMode());
    };
  }

  private String libpq(String scheme) {
    var tls = "sslmode=" + settings.sslMode();
    return url(
        scheme, "dbname", authorities == null ? tls : tls + "&sslrootcert=" + encoded(authorities));
  }

  /** SQLAlchemy before 2.1 decodes a parameter but not the path, so an unusual name is one. */
  private String url(String scheme, String databaseParameter, String tls) {
    var plain = PLAIN.matcher(settings.database()).matches();
    var parameters = new ArrayList<String>();
    if (!plain) {
      parameters.add(databaseParameter + "=" + encoded(settings.database()));
    }
    parameters.add(tls);
    return "%s://%s:%s@%s:%d/%s?%s"
        .formatted(
            scheme,
            encoded(settings.username()),
            encoded(settings.password().value()),
            settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host(),
            settings.port(),
            plain ? settings.database() : "",
            String.join("&", parameters));
  }

  private static String encoded(String text) {
    return Objects.requireNonNull(URLEncoder.encode(text, StandardCharsets.UTF_8))
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }
}
