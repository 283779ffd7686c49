package io.tunetrail.operator.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL on localhost with TLS and passwords (scram-sha-256); only its superuser {@code
 * postgres} is trusted. One server serves all tests of a JVM, each in databases of its own.
 */
public final class TestPostgres implements AutoCloseable {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static @Nullable TestPostgres shared;

  private final Path directory;
  private final TestCertificates certificates;
  private EmbeddedPostgres server;

  private TestPostgres(Path directory) {
    this.directory = directory;
    certificates = TestCertificates.forLocalhost(directory);
    server = startServer(0);
    requirePasswords();
  }

  /** The JVM's one server; started by the first call, stopped with the JVM. */
  public static synchronized TestPostgres start() {
    if (shared == null) {
      shared = startOwn();
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
    }
    return shared;
  }

  /** A server of the caller's own, for what would disturb others; the caller closes it. */
  public static TestPostgres startOwn() {
    try {
      return new TestPostgres(Files.createTempDirectory("test-postgres"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String host() {
    return "localhost";
  }

  public int port() {
    return server.getPort();
  }

  /** The authority that signed the server's certificate for the name localhost. */
  public String caPem() {
    return certificates.caPem();
  }

  /**
   * Makes a login role that shows a certificate instead of a password; the answer is the
   * certificate and its key, each in PEM.
   */
  public synchronized List<String> newCertifiedRole(String name) {
    if (query("SELECT 1 FROM pg_roles WHERE rolname = 'certified'").isEmpty()) {
      execute("CREATE ROLE certified");
    }
    execute("CREATE ROLE " + quoted(name) + " LOGIN IN ROLE certified");
    return certificates.forRole(name);
  }

  /** The superuser's way into the database {@code postgres}. */
  public DataSource admin() {
    return server.getPostgresDatabase();
  }

  /** The superuser's way into any database. */
  public DataSource admin(String database) {
    return server.getDatabase("postgres", database);
  }

  /** Makes a login role, if it is not there, and a database that it owns. */
  public void newDatabase(String name, String owner, String password) {
    newRole(owner, password);
    execute("CREATE DATABASE " + quoted(name) + " OWNER " + quoted(owner));
  }

  /** Makes a login role, or gives the one that is there this password. */
  public void newRole(String name, String password) {
    var exists = query("SELECT 1 FROM pg_roles WHERE rolname = '" + name.replace("'", "''") + "'");
    execute(
        (exists.isEmpty() ? "CREATE ROLE " : "ALTER ROLE ")
            + quoted(name)
            + " LOGIN PASSWORD '"
            + password.replace("'", "''")
            + "'");
  }

  /** A name that no other test of this JVM has. */
  public static String uniqueName(String prefix) {
    return prefix + "_" + NAMES.incrementAndGet();
  }

  /** Runs SQL as the superuser in the database {@code postgres}. */
  public void execute(String sql) {
    execute("postgres", sql);
  }

  /** Runs SQL as the superuser in a database. */
  public void execute(String database, String sql) {
    try (var connection = admin(database).getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The first column of a query by the superuser in the database {@code postgres}. */
  public List<@Nullable String> query(String sql) {
    return query("postgres", sql);
  }

  /** The first column of a query by the superuser in a database. */
  public List<@Nullable String> query(String database, String sql) {
    try (var connection = admin(database).getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var values = new ArrayList<@Nullable String>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Stops the server at once, as a crash of its pod would; {@link #resume} starts it again. */
  public void stop() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts the stopped server again with its data, on its port. */
  public void resume() {
    server = startServer(server.getPort());
  }

  /** Starts the stopped server again as a replica that waits for its primary. */
  public void resumeAsReplica() {
    try {
      Files.createFile(directory.resolve("data").resolve("standby.signal"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    resume();
  }

  /** Stops the server and deletes its data. */
  @Override
  public void close() {
    stop();
    try (var files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private EmbeddedPostgres startServer(int port) {
    var builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(directory.resolve("data"))
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setServerConfig("ssl", "on")
            .setServerConfig("ssl_cert_file", certificates.serverCertificate().toString())
            .setServerConfig("ssl_key_file", certificates.serverKey().toString())
            .setServerConfig("ssl_ca_file", certificates.authority().toString())
            .setServerConfig("max_connections", "200")
            .setServerConfig("fsync", "off");
    try {
      return (port == 0 ? builder : builder.setPort(port)).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void requirePasswords() {
    var file = Path.of(java.util.Objects.requireNonNull(query("SHOW hba_file").getFirst()));
    var lines =
        List.of(
            "local all all trust",
            "host all postgres 127.0.0.1/32 trust",
            "host all postgres ::1/128 trust",
            "hostssl all +certified all cert",
            "host all all all scram-sha-256",
            "host replication all all scram-sha-256");
    try {
      Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    execute("SELECT pg_reload_conf()");
  }

  private static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }
}
