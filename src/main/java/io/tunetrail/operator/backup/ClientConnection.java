package io.tunetrail.operator.backup;

import io.tunetrail.operator.api.SslMode;
import io.tunetrail.operator.database.ClientCertificate;
import io.tunetrail.operator.database.ConnectionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How PostgreSQL's own programs reach a database: by libpq's variables and nothing else, so that no
 * secret stands in a command line.
 *
 * @param temporary a folder for certificates, this pod's own
 * @param applicationName what others read of the session
 */
record ClientConnection(ConnectionSettings settings, Path temporary, String applicationName) {
  private static final Path SYSTEM_AUTHORITIES = Path.of("/etc/ssl/certs/ca-certificates.crt");

  /** So that the server notices when the pod is gone, also while it waits for a table. */
  private static final String WATCHFUL =
      "-c client_connection_check_interval=2s"
          + " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

  /** Starts a program that finds the database by itself. */
  Process start(List<String> command) throws IOException {
    var builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(variables());
    return builder.start();
  }

  private Map<String, String> variables() throws IOException {
    var variables = new HashMap<String, String>();
    variables.put("HOME", temporary.toString());
    variables.put("PGHOST", settings.host());
    variables.put("PGPORT", Integer.toString(settings.port()));
    variables.put("PGDATABASE", settings.database());
    variables.put("PGUSER", settings.username());
    variables.put("PGPASSWORD", settings.password().value());
    variables.put("PGSSLMODE", settings.sslMode().toString());
    variables.put("PGGSSENCMODE", "disable");
    variables.put("PGCONNECT_TIMEOUT", "30");
    variables.put("PGAPPNAME", applicationName);
    variables.put("PGOPTIONS", WATCHFUL);
    // As the operator's own sessions have it: without any given, only verify-ca and verify-full
    // check.
    var least = settings.caPem() == null ? SslMode.VERIFY_CA : SslMode.REQUIRE;
    if (settings.sslMode().compareTo(least) >= 0) {
      variables.put(
          "PGSSLROOTCERT",
          settings.caPem() == null
              ? SYSTEM_AUTHORITIES.toString()
              : written("ca.crt", settings.caPem()));
    }
    var client = settings.clientCertificate();
    if (client != null) {
      variables.put("PGSSLCERT", written(ClientCertificate.CERTIFICATE, client.certificatePem()));
      variables.put("PGSSLKEY", written(ClientCertificate.KEY, client.keyPem()));
    }
    return variables;
  }

  private String written(String name, String text) throws IOException {
    var file = temporary.resolve(name);
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, text).toString();
  }
}
