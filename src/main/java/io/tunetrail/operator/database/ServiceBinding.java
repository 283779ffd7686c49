package io.tunetrail.operator.database;

import io.tunetrail.operator.api.ConnectionSpec;
import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.api.SslMode;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a Secret by the Service Binding convention, with CloudNativePG's names beside it. */
final class ServiceBinding {
  private static final int DEFAULT_PORT = 5432;
  private static final int LONGEST_IDENTIFIER = 63;
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,252})");
  private static final Pattern ADDRESS_V4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern ADDRESS_V6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
  private static final Pattern FORBIDDEN_IN_DATABASE = Pattern.compile("[\\p{Cntrl}?/\\\\&=,#]");

  private final ConnectionSpec spec;
  private final Environment environment;
  private final String namespace;
  private final Map<String, String> secret;
  private final @Nullable String caPem;
  private final @Nullable ClientCertificate certificate;

  ServiceBinding(
      ConnectionSpec spec,
      Environment environment,
      String namespace,
      Map<String, String> secret,
      @Nullable String caPem,
      @Nullable ClientCertificate certificate) {
    this.spec = spec;
    this.environment = environment;
    this.namespace = namespace;
    this.secret = secret;
    this.caPem = caPem;
    this.certificate = certificate;
  }

  Resolution resolve() {
    try {
      return new Resolution.Resolved(settings());
    } catch (InvalidBinding e) {
      return new Resolution.Refused(e.reason, e.detail);
    }
  }

  private ConnectionSettings settings() {
    var uri = uri();
    var host = required("host", first(spec.host(), key("host"), uri.host()));
    var database =
        required(
            "database", first(spec.database(), key("database"), key("dbname"), uri.database()));
    var username = required("username", first(key("username"), key("user"), uri.username()));
    return new ConnectionSettings(
        qualified(checkedHost(host)),
        port(first(key("port"), uri.port())),
        checkedDatabase(database),
        checkedIdentifier("username", username),
        new Password(checkedPassword(password(uri))),
        sslMode(first(key("sslmode"), uri.sslMode())),
        caPem,
        spec.role() == null ? null : checkedIdentifier("role", spec.role()),
        checkedCertificate());
  }

  /** Who shows a certificate may need no password. */
  private String password(PostgresUri uri) {
    var password = first(key("password"), uri.password());
    return password == null && certificate != null ? "" : required("password", password);
  }

  private @Nullable ClientCertificate checkedCertificate() {
    if (certificate == null) {
      return null;
    }
    try {
      certificate.keyManagers();
      return certificate;
    } catch (GeneralSecurityException e) {
      throw invalid(
          "%s and %s of connection.clientCertificateRef are no certificate in PEM with its unencrypted key: %s"
              .formatted(ClientCertificate.CERTIFICATE, ClientCertificate.KEY, e.getMessage()));
    }
  }

  private PostgresUri uri() {
    var text = key("uri");
    if (text == null) {
      return PostgresUri.NONE;
    }
    try {
      return PostgresUri.parse(text);
    } catch (IllegalArgumentException e) {
      throw invalid("key uri of Secret %s: %s".formatted(secretName(), e.getMessage()));
    }
  }

  private String required(String name, @Nullable String value) {
    if (value == null) {
      throw invalid(
          "Secret %s has no key %s, and no uri that gives it".formatted(secretName(), name));
    }
    return value;
  }

  private static String checkedHost(String host) {
    var bare =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    if (HOST.matcher(bare).matches() || isAddress(bare)) {
      return bare;
    }
    throw invalid(
        "host is neither one name nor one address; parameters and lists don't belong into it");
  }

  private static String checkedDatabase(String database) {
    if (FORBIDDEN_IN_DATABASE.matcher(database).find()) {
      throw invalid("database is not one name; parameters don't belong into it");
    }
    return checkedIdentifier("database", database);
  }

  private static String checkedIdentifier(String name, String value) {
    if (value.getBytes(StandardCharsets.UTF_8).length > LONGEST_IDENTIFIER) {
      throw invalid("%s is longer than PostgreSQL's %d bytes".formatted(name, LONGEST_IDENTIFIER));
    }
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw invalid(name + " has a control character in it");
    }
    return value;
  }

  /** A zero byte would end the password early in PostgreSQL's protocol. */
  private static String checkedPassword(String password) {
    if (password.indexOf('\0') >= 0) {
      throw invalid("password has a zero byte in it");
    }
    return password;
  }

  private String qualified(String host) {
    boolean complete =
        namespace.isEmpty()
            || host.contains(".")
            || host.equalsIgnoreCase("localhost")
            || isAddress(host);
    return complete ? host : host + "." + namespace;
  }

  private static boolean isAddress(String host) {
    return ADDRESS_V4.matcher(host).matches()
        || (host.contains(":") && ADDRESS_V6.matcher(host).matches());
  }

  private int port(@Nullable String fromSecret) {
    if (spec.port() != null) {
      return spec.port();
    }
    if (fromSecret == null) {
      return DEFAULT_PORT;
    }
    try {
      int port = Integer.parseInt(fromSecret);
      if (port >= 1 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // The message below says the same of a number out of range.
    }
    throw invalid("port is not a number from 1 to 65535");
  }

  private SslMode sslMode(@Nullable String fromSecret) {
    var given = spec.sslMode() != null ? spec.sslMode() : parseSslMode(fromSecret);
    if (environment != Environment.PRODUCTION) {
      return given == null ? SslMode.PREFER : given;
    }
    var mode = given == null ? SslMode.VERIFY_FULL : given;
    if (mode.compareTo(SslMode.REQUIRE) < 0) {
      throw new InvalidBinding(Reason.TLS_REQUIRED, "production needs TLS, and sslmode is " + mode);
    }
    return mode;
  }

  private static @Nullable SslMode parseSslMode(@Nullable String text) {
    if (text == null) {
      return null;
    }
    for (var mode : SslMode.values()) {
      if (mode.toString().equals(text.toLowerCase(Locale.ROOT))) {
        return mode;
      }
    }
    throw invalid("sslmode is none of disable, allow, prefer, require, verify-ca, verify-full");
  }

  /**
   * A key's value without the newline that editors and {@code echo} leave; null where it is missing
   * or empty.
   */
  private @Nullable String key(String name) {
    var value = secret.get(name);
    if (value == null) {
      return null;
    }
    var trimmed = value.endsWith("\n") ? value.substring(0, value.length() - 1) : value;
    trimmed = trimmed.endsWith("\r") ? trimmed.substring(0, trimmed.length() - 1) : trimmed;
    return trimmed.isEmpty() ? null : trimmed;
  }

  private String secretName() {
    return spec.secretRef().name();
  }

  private static @Nullable String first(@Nullable String... values) {
    for (var value : values) {
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  private static InvalidBinding invalid(String detail) {
    return new InvalidBinding(Reason.INVALID_CONNECTION, detail);
  }

  private static final class InvalidBinding extends RuntimeException {
    private final transient Reason reason;
    private final transient String detail;

    InvalidBinding(Reason reason, String detail) {
      super(Objects.requireNonNull(detail), null, false, false);
      this.reason = reason;
      this.detail = detail;
    }
  }
}
