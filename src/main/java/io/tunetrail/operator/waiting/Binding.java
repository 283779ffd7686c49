package io.tunetrail.operator.waiting;

import io.tunetrail.operator.api.ConnectionSpec;
import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.database.ClientCertificate;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.ConnectionSettings.Resolution;
import io.tunetrail.operator.migration.WorkOrder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the application finds its database: libpq's variables, then the keys of the mounted Secret.
 */
record Binding(Map<String, String> environment) {
  private static final String ROOT_CERTIFICATES = "PGSSLROOTCERT";

  /** libpq's word for the system's trust. */
  private static final String SYSTEM = "system";

  private static final Map<String, String> KEYS =
      Map.of(
          "PGHOST", "host",
          "PGPORT", "port",
          "PGDATABASE", "database",
          "PGUSER", "username",
          "PGPASSWORD", "password",
          "PGSSLMODE", "sslmode");

  private static final String VARIABLES =
      "PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD, PGSSLMODE";

  private static final ConnectionSpec SECRET_ALONE =
      new ConnectionSpec(
          new LocalReference("in the pod's mounts"), null, null, null, null, null, null);

  /** The settings as they are now: a mounted Secret changes while the pod waits. */
  Resolution resolve() {
    try {
      var secret = secret();
      KEYS.forEach(
          (variable, key) -> {
            if (!value(variable).isEmpty()) {
              secret.put(key, value(variable));
            }
          });
      return resolve(secret);
    } catch (IOException e) {
      return new Resolution.Refused(
          Reason.INVALID_CONNECTION, "the connection's files can't be read: " + e);
    }
  }

  /** Whoever gives certificates wants them checked, unless the mode says otherwise. */
  private Resolution resolve(Map<String, String> secret) throws IOException {
    var caPem = caPem();
    var certificate = clientCertificate();
    var checked = resolve(Environment.PRODUCTION, secret, caPem, certificate);
    boolean trustGiven = caPem != null || value(ROOT_CERTIFICATES).equals(SYSTEM);
    boolean modeForbidsIt =
        checked instanceof Resolution.Refused refused && refused.reason() == Reason.TLS_REQUIRED;
    return trustGiven && !modeForbidsIt
        ? checked
        : resolve(Environment.DEVELOPMENT, secret, caPem, certificate);
  }

  private static Resolution resolve(
      Environment environment,
      Map<String, String> secret,
      @Nullable String caPem,
      @Nullable ClientCertificate certificate) {
    return switch (ConnectionSettings.resolve(
        SECRET_ALONE, environment, "", secret, caPem, certificate)) {
      case Resolution.Resolved resolved ->
          new Resolution.Resolved(asThePodSees(resolved.settings()));
      case Resolution.Refused refused ->
          new Resolution.Refused(
              refused.reason(),
              "%s; looked for in %s, then in the folder secret of %s"
                  .formatted(refused.detail(), VARIABLES, WorkOrder.MOUNTS_VARIABLE));
    };
  }

  /** A short host name is left to the pod's own search domains instead of a namespace. */
  private static ConnectionSettings asThePodSees(ConnectionSettings settings) {
    var host = settings.host();
    boolean completed = host.indexOf('.') == host.length() - 1;
    return completed ? settings.withHost(host.substring(0, host.length() - 1)) : settings;
  }

  private Map<String, String> secret() throws IOException {
    var secret = new HashMap<String, String>();
    var folder = mounted("secret");
    if (folder != null) {
      try (var files = Files.newDirectoryStream(folder, Files::isRegularFile)) {
        for (var file : files) {
          secret.put(file.getFileName().toString(), text(file));
        }
      }
    }
    return secret;
  }

  private @Nullable String caPem() throws IOException {
    var given = value(ROOT_CERTIFICATES);
    if (given.equals(SYSTEM)) {
      return null;
    }
    var file = given.isEmpty() ? mounted("ca/ca.crt") : Path.of(given);
    return file == null ? null : text(file);
  }

  /** Null where not both, certificate and key, are given. */
  private @Nullable ClientCertificate clientCertificate() throws IOException {
    var certificate = file("PGSSLCERT", ClientCertificate.CERTIFICATE);
    var key = file("PGSSLKEY", ClientCertificate.KEY);
    return certificate == null || key == null
        ? null
        : new ClientCertificate(text(certificate), text(key));
  }

  private @Nullable Path file(String variable, String key) {
    var given = value(variable);
    return given.isEmpty() ? mounted("client-certificate/" + key) : Path.of(given);
  }

  /** Null where it is not there. */
  private @Nullable Path mounted(String name) {
    var root = value(WorkOrder.MOUNTS_VARIABLE);
    var path = Path.of(root, name);
    return root.isEmpty() || !Files.exists(path) ? null : path;
  }

  /** Whatever a Secret holds beside texts must not stop the reading. */
  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private String value(String variable) {
    return environment.getOrDefault(variable, "");
  }
}
