package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * A database that is made empty, worked on by nobody else and dropped at the end, also when the
 * process is asked to end before.
 */
public final class Scratch implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(30);

  /** Making or dropping a database may have to wait for the server's checkpoint. */
  private static final Duration ANSWER = Duration.ofMinutes(5);

  private static final String PREPARE =
      "SET search_path = pg_catalog, pg_temp; SET statement_timeout = '5min'; SET lock_timeout = 0";

  /** CREATE DATABASE asks for an attribute of the role itself, which no membership gives. */
  private static final String CREATORS =
      """
      SELECT r.rolname FROM pg_catalog.pg_roles r
      WHERE (r.rolcreatedb OR r.rolsuper) AND r.rolname IN (SESSION_USER, ?::pg_catalog.name)
      """;

  private static final String OWN_SESSIONS =
      """
      SELECT pg_catalog.pg_terminate_backend(a.pid, 5000) FROM pg_catalog.pg_stat_activity a
      WHERE a.datname = ? AND a.usename = SESSION_USER
      """;

  private final ConnectionSettings server;
  private final ConnectionSettings settings;
  private final int serverMajor;
  private final String purpose;
  private final Thread atExit;

  /** What asking for a scratch database gave. */
  public sealed interface Attempt {

    /** The caller works in it, and closes it afterwards. */
    record Made(Scratch scratch) implements Attempt {}

    /** The server gives none; {@code detail} holds the statement that changes it. */
    record Unavailable(String detail) implements Attempt {}
  }

  private Scratch(
      ConnectionSettings server, ConnectionSettings settings, int serverMajor, String purpose) {
    this.server = server;
    this.settings = settings;
    this.serverMajor = serverMajor;
    this.purpose = purpose;
    atExit = new Thread(this::drop, "scratch-drop");
  }

  /**
   * Makes one, and drops those that ended processes left on the server more than a day ago.
   *
   * @param server where; its database is only where one logs in
   * @param purpose whose it is, for people who find it
   * @param like the encoding and locale it gets, where the server has them
   */
  public static Attempt make(ConnectionSettings server, String purpose, DatabaseLocale like)
      throws SQLException {
    try (var connection = administration(server, purpose);
        var statement = connection.createStatement()) {
      var creators = creators(connection, server);
      if (creators.isEmpty()) {
        return new Attempt.Unavailable(refusal(server));
      }
      if (!creators.contains(sessionUser(connection))) {
        FenceRequest.setRole(statement, server);
      }
      ScratchName.dropLeftOvers(connection);
      var name = ScratchName.next(connection);
      int version = Catalog.server(connection).version();
      create(statement, version, name, server, like);
      var scratch = new Scratch(server, server.withDatabase(name), version / 10_000, purpose);
      scratch.adopt(statement);
      return new Attempt.Made(scratch);
    }
  }

  /** The same login to the scratch database. */
  public ConnectionSettings settings() {
    return settings;
  }

  /** PostgreSQL's major version. */
  public int serverMajor() {
    return serverMajor;
  }

  /** A session in it; the caller closes it. */
  public Connection open() throws SQLException {
    var session = new Session("tunetrail/" + purpose, CONNECT, Duration.ZERO).open(settings);
    try (var statement = session.createStatement()) {
      statement.execute("SET client_connection_check_interval = '2s'");
      FenceRequest.setRole(statement, settings);
      return session;
    } catch (SQLException e) {
      Fence.closeAll(session);
      throw e;
    }
  }

  /** Sessions in it for Flyway. */
  public DataSource sessions(
      List<String> searchPath, long lockTimeoutMillis, long statementTimeoutMillis) {
    return new OpeningDataSource(
        () -> {
          var session = open();
          try (var statement = session.createStatement()) {
            statement.execute("SET lock_timeout = " + lockTimeoutMillis);
            statement.execute("SET statement_timeout = " + statementTimeoutMillis);
            SearchPath.set(session, searchPath);
            return session;
          } catch (SQLException e) {
            Fence.closeAll(session);
            throw e;
          }
        });
  }

  /** Drops it; what can't be dropped now is dropped by a later {@link #make}. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook drops it.
    }
    drop();
  }

  private void drop() {
    try (var connection = administration(server, purpose);
        var statement = connection.createStatement();
        var ending = connection.prepareStatement(OWN_SESSIONS)) {
      ending.setString(1, settings.database());
      ending.execute();
      FenceRequest.setRole(statement, server);
      dropFrom(statement);
    } catch (SQLException e) {
      // A later make drops it.
    }
  }

  /** Sessions of stronger roles can't be ended; without FORCE the server waits for them. */
  private void dropFrom(Statement statement) throws SQLException {
    var drop = "DROP DATABASE IF EXISTS " + Identifier.quoted(settings.database());
    try {
      statement.execute(drop + " WITH (FORCE)");
    } catch (SQLException e) {
      statement.execute(drop);
    }
  }

  /** From here on its owner is in charge, who need not be who made it. */
  private void adopt(Statement statement) throws SQLException {
    Runtime.getRuntime().addShutdownHook(atExit);
    var name = Identifier.quoted(settings.database());
    try {
      FenceRequest.setRole(statement, server);
      statement.execute(
          "COMMENT ON DATABASE "
              + name
              + " IS "
              + Identifier.literal(ScratchName.comment(purpose)));
      statement.execute("REVOKE CONNECT ON DATABASE " + name + " FROM PUBLIC");
      statement.execute("GRANT CONNECT ON DATABASE " + name + " TO SESSION_USER");
    } catch (SQLException e) {
      close();
      throw e;
    }
  }

  private static Connection administration(ConnectionSettings server, String purpose)
      throws SQLException {
    var connection = new Session("tunetrail/" + purpose, CONNECT, ANSWER).open(server);
    try (var statement = connection.createStatement()) {
      statement.execute(PREPARE);
      return connection;
    } catch (SQLException e) {
      Fence.closeAll(connection);
      throw e;
    }
  }

  private static List<String> creators(Connection connection, ConnectionSettings server)
      throws SQLException {
    try (var query = connection.prepareStatement(CREATORS)) {
      query.setString(1, server.role());
      return Rows.all(query, row -> row.getString(1));
    }
  }

  private static String sessionUser(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement("SELECT SESSION_USER")) {
      return Rows.single(query, row -> row.getString(1));
    }
  }

  private static String refusal(ConnectionSettings server) {
    var role = Identifier.quoted(Objects.requireNonNullElse(server.role(), server.username()));
    return "role %1$s may not create databases on %2$s:%3$d. As an administrator run: ALTER ROLE %1$s CREATEDB; or name a server in spec.scratch where databases may be made"
        .formatted(role, server.host(), server.port());
  }

  private static void create(
      Statement statement,
      int serverVersion,
      String name,
      ConnectionSettings server,
      DatabaseLocale like)
      throws SQLException {
    var create =
        "CREATE DATABASE %s TEMPLATE template0%s"
            .formatted(
                Identifier.quoted(name),
                server.role() == null ? "" : " OWNER " + Identifier.quoted(server.role()));
    try {
      statement.execute(create + like.options(serverVersion));
    } catch (SQLException e) {
      statement.execute(create + like.plain().options(serverVersion));
    }
  }
}
