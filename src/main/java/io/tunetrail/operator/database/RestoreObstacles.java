package io.tunetrail.operator.database;

import io.tunetrail.operator.database.DatabaseContent.Extension;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What stands in the way of a restore, before anything is made: each with the statement or the deed
 * that takes it away.
 */
public final class RestoreObstacles {
  private static final int FIRST_WITH_SET_OPTION = 160000;
  private static final int SHOWN = 10;

  /** What a role can do by these, no RESET ROLE takes away. */
  private static final String POWERS =
      """
      SELECT r.rolname, r.rolsuper FROM pg_catalog.pg_roles r
      WHERE (r.rolsuper OR r.rolname IN ('pg_execute_server_program', 'pg_write_server_files', 'pg_read_server_files'))
        AND pg_catalog.pg_has_role(SESSION_USER, r.oid, 'MEMBER')
      ORDER BY r.rolname = SESSION_USER DESC, r.rolsuper DESC, 1 LIMIT 1
      """;

  private static final String MISSING_ROLES =
      """
      SELECT n.name FROM pg_catalog.unnest(?::pg_catalog.text[]) n (name)
      WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = n.name) ORDER BY 1
      """;

  /** A trusted one may be made by whoever may make anything in the database. */
  private static final String EXTENSION =
      """
      SELECT COALESCE(pg_catalog.bool_or(v.trusted OR NOT v.superuser), false), pg_catalog.count(*) > 0
      FROM pg_catalog.pg_available_extension_versions v WHERE v.name = ?
      """;

  private static final String SLOTS =
      """
      SELECT 'logical replication slot ' || s.slot_name FROM pg_catalog.pg_replication_slots s
      WHERE s.database = pg_catalog.current_database()
      UNION ALL
      SELECT 'subscription ' || s.subname
      FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
      WHERE d.datname = pg_catalog.current_database()
      UNION ALL
      SELECT 'prepared transaction ' || x.gid FROM pg_catalog.pg_prepared_xacts x
      WHERE x.database = pg_catalog.current_database()
      ORDER BY 1
      """;

  private static final String MAY_CREATE =
      "SELECT r.rolcreatedb OR r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname ="
          + " CURRENT_USER";

  private RestoreObstacles() {}

  /** That the dump's content would run with more power than the database's own. */
  public static List<String> ofLogin(Connection connection, ConnectionSettings login)
      throws SQLException {
    try (var query = connection.prepareStatement(POWERS)) {
      return Rows.all(query, row -> power(row.getString(1), row.getBoolean(2), login));
    }
  }

  private static String power(String role, boolean superuser, ConnectionSettings login) {
    var user = Identifier.quoted(login.username());
    boolean itself = role.equals(login.username());
    return "%s is %s%s, and what an archive holds could use all of that power, with RESET ROLE also where connection.role is set. Let a login without it own the database; or, as a superuser, run: %s"
        .formatted(
            user,
            itself ? "" : "a member of " + Identifier.quoted(role) + ", ",
            superuser ? "a superuser" : "which reads or writes the server's files or runs programs",
            itself
                ? "ALTER ROLE %s NOSUPERUSER;".formatted(user)
                : "REVOKE %s FROM %s;".formatted(Identifier.quoted(role), user));
  }

  /** What the server lacks that the dump needs. */
  public static List<String> ofServer(Connection connection, DatabaseContent content)
      throws SQLException {
    var obstacles = new ArrayList<String>();
    int here = Catalog.server(connection).version() / 10_000;
    int there = content.serverVersion() / 10_000;
    if (here < there) {
      obstacles.add(
          "the server is PostgreSQL %d and the backup of PostgreSQL %d: restore it on %d or a newer one"
              .formatted(here, there, there));
    }
    for (var role : missingRoles(connection, content.roles())) {
      obstacles.add("role %1$s is missing: CREATE ROLE %1$s;".formatted(Identifier.quoted(role)));
    }
    for (var extension : content.extensions()) {
      obstacles.addAll(extension(connection, extension));
    }
    return obstacles;
  }

  private static List<String> missingRoles(Connection connection, List<String> roles)
      throws SQLException {
    try (var query = connection.prepareStatement(MISSING_ROLES)) {
      query.setArray(1, connection.createArrayOf("text", roles.toArray()));
      return Rows.all(query, row -> row.getString(1));
    }
  }

  private static List<String> extension(Connection connection, Extension extension)
      throws SQLException {
    try (var query = connection.prepareStatement(EXTENSION)) {
      query.setString(1, extension.name());
      return Rows.single(
          query,
          row ->
              extension(Identifier.quoted(extension.name()), row.getBoolean(1), row.getBoolean(2)));
    }
  }

  private static List<String> extension(String name, boolean makeable, boolean available) {
    if (makeable) {
      return List.of();
    }
    return List.of(
        available
            ? "extension %1$s may be made by superusers only, and no archive is restored by one: DROP EXTENSION %1$s; where the live database can be without it, and back it up anew"
                .formatted(name)
            : "extension %1$s is not installed on the server: install its package, so that CREATE EXTENSION %1$s; works"
                .formatted(name));
  }

  /** What would be lost or broken where another database took this one's place. */
  public static List<String> ofLive(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement(SLOTS)) {
      var names = Rows.all(query, row -> row.getString(1));
      return names.isEmpty()
          ? List.of()
          : List.of(
              "the live database has %s, which would stay with the old one: end and drop what it has of them first"
                  .formatted(names.stream().limit(SHOWN).collect(Collectors.joining(", "))));
    }
  }

  /**
   * What the one who makes and renames databases lacks.
   *
   * @param owners of the databases concerned
   */
  public static List<String> ofAdmin(
      Administration session, ConnectionSettings admin, Collection<String> owners)
      throws SQLException {
    var role = Objects.requireNonNullElse(admin.role(), admin.username());
    var obstacles = new ArrayList<String>();
    boolean mayCreate =
        session.ask(
            connection -> {
              try (var query = connection.prepareStatement(MAY_CREATE)) {
                return Rows.single(query, row -> row.getBoolean(1));
              }
            });
    if (!mayCreate) {
      obstacles.add(
          "%1$s may not create databases: ALTER ROLE %1$s CREATEDB;"
              .formatted(Identifier.quoted(role)));
    }
    for (var owner : new TreeSet<>(owners)) {
      if (!session.ask(connection -> mayActAs(connection, owner))) {
        obstacles.add(
            "%2$s may not make or rename databases of %1$s: GRANT %1$s TO %2$s;"
                .formatted(Identifier.quoted(owner), Identifier.quoted(role)));
      }
    }
    return obstacles;
  }

  /** Whether the session's role has its privileges at once, and may make things that are its. */
  public static boolean mayActAs(Connection connection, String owner) throws SQLException {
    boolean options = Catalog.server(connection).version() >= FIRST_WITH_SET_OPTION;
    var sql =
        """
        SELECT pg_catalog.pg_has_role(r.oid, 'USAGE') AND pg_catalog.pg_has_role(r.oid, '%s')
        FROM pg_catalog.pg_roles r WHERE r.rolname = ?
        """
            .formatted(options ? "SET" : "MEMBER");
    try (var query = connection.prepareStatement(sql)) {
      query.setString(1, owner);
      return Rows.all(query, row -> row.getBoolean(1)).equals(List.of(true));
    }
  }
}
