package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what a role may do in a database, and what is to be known of its server. */
public final class RoleLook {
  private static final String ROLE =
      """
      SELECT pg_catalog.quote_ident(CURRENT_USER),
        pg_catalog.quote_ident(pg_catalog.current_database()),
        pg_catalog.current_setting('server_version'), pg_catalog.pg_is_in_recovery(),
        pg_catalog.quote_ident(s.name), COALESCE(pg_catalog.has_schema_privilege(s.name, 'CREATE'), false),
        pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),
        EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname = 'tunetrail'),
        (SELECT r.rolcreatedb OR r.rolsuper FROM pg_catalog.pg_roles r
          WHERE r.rolname = CURRENT_USER),
        pg_catalog.clock_timestamp()
      FROM (SELECT pg_catalog.current_schema() AS name) s
      """;

  private static final String WRITABLE =
      """
      SELECT COALESCE((
        SELECT pg_catalog.has_table_privilege(c.oid, 'SELECT')
          AND pg_catalog.has_table_privilege(c.oid, 'INSERT')
          AND pg_catalog.has_table_privilege(c.oid, 'UPDATE')
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'tunetrail' AND c.relname = 'history'
          AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')), false)
      """;

  private static final String EXTENSIONS =
      """
      SELECT e.extname || ' ' || e.extversion
          || CASE WHEN a.default_version <> e.extversion
            THEN ' (the server has ' || a.default_version || ')' ELSE '' END
      FROM pg_catalog.pg_extension e
        LEFT JOIN pg_catalog.pg_available_extensions a ON a.name = e.extname
      WHERE e.extname <> 'plpgsql' ORDER BY 1
      """;

  private RoleLook() {}

  /**
   * What was found; names are quoted where SQL asks for it.
   *
   * @param schema where unqualified names go; null where there is none
   * @param mayCreate in that schema
   * @param mayCreateSchemas in the database
   * @param isKnown whether schema tunetrail is there
   * @param mayNote whether tunetrail.history is there and may be written
   * @param mayCreateDatabases as scratch databases need it
   * @param extensions each with its version
   * @param worker who holds the database's lock; null: nobody
   * @param clock what the server takes for now, RFC 3339
   */
  public record Found(
      String role,
      String database,
      String serverVersion,
      boolean inRecovery,
      @Nullable String schema,
      boolean mayCreate,
      boolean mayCreateSchemas,
      boolean isKnown,
      boolean mayNote,
      boolean mayCreateDatabases,
      List<String> extensions,
      @Nullable String worker,
      String clock) {}

  /** What there is, or why it can't be told. */
  public sealed interface Answer {
    record Told(Found found) implements Answer {}

    /** {@code detail} is free of secrets. */
    record Refused(String detail, String remedy) implements Answer {}
  }

  /** Looks within a time; it changes nothing. */
  public static Answer take(ConnectionSettings settings, Duration timeout) {
    try (var sessions = new LookSessions(settings, "tunetrail", timeout)) {
      try (var connection = sessions.open()) {
        return new Answer.Told(found(connection, settings.role()));
      } catch (SQLException e) {
        var failure = SqlFailure.of(e, settings);
        return sessions.isOver()
            ? new Answer.Refused(
                "%s:%d did not answer in time".formatted(settings.host(), settings.port()),
                "Check host, port and firewalls.")
            : new Answer.Refused(failure.detail(), failure.reason().remedy());
      }
    }
  }

  private static Found found(Connection connection, @Nullable String role) throws SQLException {
    connection.setReadOnly(true);
    var worker = AdvisoryLocks.worker(connection);
    if (role != null) {
      try (var statement = connection.createStatement()) {
        statement.execute("SET ROLE " + Identifier.quoted(role));
      }
    }
    boolean mayNote;
    try (var query = connection.prepareStatement(WRITABLE)) {
      mayNote = Rows.single(query, row -> row.getBoolean(1));
    }
    List<String> extensions;
    try (var query = connection.prepareStatement(EXTENSIONS)) {
      extensions = Rows.all(query, row -> row.getString(1));
    }
    try (var query = connection.prepareStatement(ROLE)) {
      return Rows.single(query, row -> found(row, mayNote, extensions, worker));
    }
  }

  private static Found found(
      ResultSet row, boolean mayNote, List<String> extensions, @Nullable String worker)
      throws SQLException {
    return new Found(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getBoolean(4),
        row.getString(5),
        row.getBoolean(6),
        row.getBoolean(7),
        row.getBoolean(8),
        mayNote,
        row.getBoolean(9),
        extensions,
        worker,
        row.getObject(10, OffsetDateTime.class).toInstant().toString());
  }
}
