package io.tunetrail.operator.backup;

import io.tunetrail.operator.api.SslMode;
import io.tunetrail.operator.database.ClientCertificate;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.PostgresClients.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * pg_dump of one database: an archive in custom format on its standard output.
 *
 * @param temporary a folder for certificates, this pod's own
 * @param applicationName what others read of its session
 */
record PgDump(
    Programs programs, ConnectionSettings settings, Path temporary, String applicationName) {
  static final String FORMAT = "custom";

  private static final Path SYSTEM_AUTHORITIES = Path.of("/etc/ssl/certs/ca-certificates.crt");
  private static final int FIRST_WITH_ZSTD = 16;

  /** So that the server notices when the pod is gone, also while it waits for a table. */
  private static final String WATCHFUL =
      "-c client_connection_check_interval=2s"
          + " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

  /** As pg_dump's option has it; gzip's fastest costs less than it saves. */
  String compression() {
    return programs.major() >= FIRST_WITH_ZSTD ? "zstd" : "1";
  }

  /**
   * Starts it.
   *
   * @param snapshot of an open session
   * @param lockTimeout longest wait for a table that is being changed
   */
  Process start(String snapshot, Duration lockTimeout) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                programs.dump().toString(),
                "--format=" + FORMAT,
                "--compress=" + compression(),
                "--snapshot=" + snapshot,
                "--lock-wait-timeout=" + lockTimeout.toMillis(),
                "--no-password"));
    if (settings.role() != null) {
      command.add("--role=" + settings.role());
    }
    var builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(variables());
    return builder.start();
  }

  /** What it calls itself. */
  String version() throws IOException {
    var process = new ProcessBuilder(programs.dump().toString(), "--version").start();
    try (var words = process.getInputStream()) {
      return new String(words.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
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
