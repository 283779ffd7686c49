package io.tunetrail.operator.testing;

import io.tunetrail.operator.api.SslMode;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.Password;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** One database of a test server, and the login role that owns it. */
public record TestDatabase(TestPostgres server, String name, String owner, String password) {

  /** A database of its own on the JVM's shared server. */
  public static TestDatabase create() {
    return createOn(TestPostgres.start());
  }

  /** A database of its own on this server. */
  public static TestDatabase createOn(TestPostgres server) {
    var name = TestPostgres.uniqueName("karaoke");
    var database = new TestDatabase(server, name, name + "_owner", "se:cret/p@ss word%é");
    server.newDatabase(name, database.owner(), database.password());
    return database;
  }

  /** The owner's way in, by verified TLS. */
  public ConnectionSettings settings() {
    return settingsOf(owner, password);
  }

  public ConnectionSettings settingsOf(String user, String itsPassword) {
    return new ConnectionSettings(
        server.host(),
        server.port(),
        name,
        user,
        new Password(itsPassword),
        SslMode.VERIFY_FULL,
        server.caPem(),
        null);
  }

  /** A session of the owner's; the caller closes it. */
  public Connection connect() throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", owner);
    properties.setProperty("password", password);
    properties.setProperty("ApplicationName", "test");
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:" + server.port() + "/" + name, properties);
  }

  /** Runs SQL as the owner. */
  public void execute(String sql) {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The first column of a query by the superuser. */
  public List<@Nullable String> query(String sql) {
    return server.query(name, sql);
  }
}
