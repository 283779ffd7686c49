package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A session from which other databases of the server are made, renamed and dropped. */
public final class Administration implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(30);

  /** Making or dropping a database may have to wait for the server's checkpoint. */
  private static final Duration ANSWER = Duration.ofMinutes(10);

  private static final String PREPARE =
      """
      SET search_path = pg_catalog, pg_temp; SET statement_timeout = '10min'; SET lock_timeout = '10s';
      SET idle_session_timeout = 0; SET client_connection_check_interval = '2s'
      """;

  private static final String COMMENTED =
      """
      SELECT d.oid, d.datname, pg_catalog.pg_get_userbyid(d.datdba),
        pg_catalog.shobj_description(d.oid, 'pg_database')
      FROM pg_catalog.pg_database d
      WHERE pg_catalog.starts_with(pg_catalog.shobj_description(d.oid, 'pg_database'), ?)
      ORDER BY d.oid DESC
      """;

  private final Connection connection;

  private Administration(Connection connection) {
    this.connection = connection;
  }

  /** A database, and what a restore wrote on it. */
  public record Commented(long oid, String name, String owner, String comment) {}

  /** Opens it, as the settings' role. */
  public static Administration open(ConnectionSettings settings, String applicationName)
      throws SQLException {
    var connection = new Session(applicationName, CONNECT, ANSWER).open(settings);
    try (var statement = connection.createStatement()) {
      statement.execute(PREPARE);
      FenceRequest.setRole(statement, settings);
      return new Administration(connection);
    } catch (SQLException e) {
      Fence.closeAll(connection);
      throw e;
    }
  }

  /** Asks something; only PostgreSQL's own names are in sight. */
  public <T extends @Nullable Object> T ask(Fence.Question<T> question) throws SQLException {
    return question.ask(connection);
  }

  public Optional<DatabaseTraits> database(String name) throws SQLException {
    return DatabaseTraits.read(connection, name);
  }

  /**
   * The database that this restore made new, if it did.
   *
   * @param owner who alone can have written so
   */
  public Optional<Commented> made(RestoreNames names, String name, String owner)
      throws SQLException {
    return commented(names.made(), owner).stream().filter(it -> it.name().equals(name)).findFirst();
  }

  /** The database that this restore took the place of, if it did. */
  public Optional<Commented> replaced(RestoreNames names, String owner) throws SQLException {
    return commented(names.replaced(), owner).stream().findFirst();
  }

  private List<Commented> commented(String beginning, String owner) throws SQLException {
    try (var query = connection.prepareStatement(COMMENTED)) {
      query.setString(1, beginning);
      return Rows.all(
              query,
              row ->
                  new Commented(
                      row.getLong(1), row.getString(2), row.getString(3), row.getString(4)))
          .stream()
          .filter(it -> it.owner().equals(owner))
          .toList();
    }
  }

  /** The server process behind a session. */
  public static int backend(Connection connection) throws SQLException {
    return Backend.pid(connection);
  }

  /** Whether that process serves a session of this name in that database of this server. */
  public boolean sees(int backend, long database, String applicationName) throws SQLException {
    try (var query =
        connection.prepareStatement(
            """
            SELECT EXISTS (
              SELECT FROM pg_catalog.pg_stat_activity a
              WHERE a.pid = ? AND a.datid = ? AND a.application_name = ?)
            """)) {
      query.setInt(1, backend);
      query.setLong(2, database);
      query.setString(3, Session.tail(applicationName));
      return Rows.single(query, row -> row.getBoolean(1));
    }
  }

  /** Where a database went; empty: it is gone. */
  Optional<String> name(long oid) throws SQLException {
    try (var query =
        connection.prepareStatement("SELECT datname FROM pg_catalog.pg_database WHERE oid = ?")) {
      query.setLong(1, oid);
      return Rows.all(query, row -> row.getString(1)).stream().findFirst();
    }
  }

  /** All of them or none. */
  void execute(List<String> statements) throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  /** Outside a transaction, as CREATE and DROP DATABASE have to be. */
  void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** What would not be possible, in words; empty: all of it would be, and none of it was done. */
  Optional<String> rehearse(List<DatabaseTraits.Step> steps) throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      for (var step : steps) {
        try {
          statement.execute(step.sql());
        } catch (SQLException e) {
          if (e.getSQLState() == null || e.getSQLState().startsWith("08")) {
            throw e;
          }
          return Optional.of("%s: %s".formatted(step.words(), SqlFailure.words(e)));
        }
      }
      return Optional.empty();
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  /** Sessions of others in a database; a worker of the server's own gives way by itself. */
  List<ForeignSession> sessions(List<Long> databases) throws SQLException {
    var sessions = new ArrayList<ForeignSession>();
    for (long database : databases) {
      sessions.addAll(ForeignSession.in(connection, database));
    }
    return sessions;
  }

  /** Whether the server was asked to end it. */
  boolean end(ForeignSession session) throws SQLException {
    return session.end(connection);
  }

  @Override
  public void close() {
    Fence.closeAll(connection);
  }
}
