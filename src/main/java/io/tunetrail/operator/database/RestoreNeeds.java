package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a server must have before a dump is restored to it, and what the login must not be able to
 * do there: a dump's SQL runs with all rights of the login, whatever role is set before it.
 *
 * @param roles that own something in it or are granted something
 * @param extensions that it makes
 */
public record RestoreNeeds(List<String> roles, List<String> extensions) {
  private static final Duration CONNECT = Duration.ofSeconds(30);
  private static final Duration ANSWER = Duration.ofMinutes(1);

  /** Roles that the login may become and that reach the server's own files and programs. */
  private static final String TOO_STRONG =
      """
      SELECT r.rolname FROM pg_catalog.pg_roles r
      WHERE (r.rolsuper OR r.rolname IN ('pg_execute_server_program', 'pg_write_server_files'))
        AND pg_catalog.pg_has_role(SESSION_USER, r.oid, 'MEMBER')
      ORDER BY r.rolname <> SESSION_USER, 1 LIMIT 1
      """;

  private static final String MISSING_ROLES =
      """
      SELECT n FROM pg_catalog.unnest(?::pg_catalog.text[]) n
      WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = n) ORDER BY 1
      """;

  private static final String MISSING_EXTENSIONS =
      """
      SELECT n FROM pg_catalog.unnest(?::pg_catalog.text[]) n
      WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_available_extensions e WHERE e.name = n) ORDER BY 1
      """;

  private static final String UNTRUSTED_EXTENSIONS =
      """
      SELECT n FROM pg_catalog.unnest(?::pg_catalog.text[]) n
      WHERE NOT EXISTS (
        SELECT FROM pg_catalog.pg_available_extension_versions e
        WHERE e.name = n AND (e.trusted OR NOT e.superuser))
      ORDER BY 1
      """;

  /** Why nothing is restored there. */
  public sealed interface Objection {
    /** For the person who must act. */
    String detail();

    /** The login could do more than restore. */
    record Login(String detail) implements Objection {}

    /** The server lacks what the dump needs. */
    record Lacking(String detail) implements Objection {}
  }

  /** Asks the server; empty where nothing is in the way. */
  public Optional<Objection> objection(ConnectionSettings server, String purpose)
      throws SQLException {
    try (var connection = new Session("tunetrail/" + purpose, CONNECT, ANSWER).open(server)) {
      SearchPath.harden(connection);
      var strong = tooStrong(connection, server);
      if (strong.isPresent()) {
        return strong;
      }
      return lacking(connection, server);
    }
  }

  /** The extensions that only a superuser may make there. */
  public List<String> superusersExtensions(ConnectionSettings server, String purpose)
      throws SQLException {
    try (var connection = new Session("tunetrail/" + purpose, CONNECT, ANSWER).open(server)) {
      SearchPath.harden(connection);
      return asked(connection, UNTRUSTED_EXTENSIONS, extensions);
    }
  }

  private static Optional<Objection> tooStrong(Connection connection, ConnectionSettings server)
      throws SQLException {
    try (var query = connection.prepareStatement(TOO_STRONG)) {
      return Rows.all(query, row -> row.getString(1)).stream()
          .findFirst()
          .map(
              role ->
                  new Objection.Login(
                      "%s on %s %s, and a dump's SQL would run with that right: name in spec.scratch a login that has no such right and may create databases"
                          .formatted(
                              Identifier.quoted(server.username()),
                              place(server),
                              role.equals(server.username())
                                  ? "is a superuser"
                                  : "may become " + Identifier.quoted(role))));
    }
  }

  private Optional<Objection> lacking(Connection connection, ConnectionSettings server)
      throws SQLException {
    var found =
        Stream.concat(
                asked(connection, MISSING_ROLES, roles).stream()
                    .map(it -> "role " + Identifier.quoted(it)),
                asked(connection, MISSING_EXTENSIONS, extensions).stream()
                    .map(it -> "extension " + Identifier.quoted(it)))
            .toList();
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Objection.Lacking(
                "%s lacks what the backup needs: %s"
                    .formatted(place(server), String.join(", ", found))));
  }

  private static List<String> asked(Connection connection, String sql, List<String> names)
      throws SQLException {
    try (var query = connection.prepareStatement(sql)) {
      query.setArray(1, connection.createArrayOf("text", names.toArray()));
      return Rows.all(query, row -> row.getString(1));
    }
  }

  private static String place(ConnectionSettings server) {
    return server.host() + ":" + server.port();
  }
}
