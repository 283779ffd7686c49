package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to a database and is in no dump of it.
 *
 * @param connectionLimit -1: none
 * @param grants also those that every database has from the start
 */
public record DatabaseTraits(
    long oid,
    String name,
    String owner,
    String tablespace,
    int connectionLimit,
    boolean allowsConnections,
    @Nullable String comment,
    List<Grant> grants,
    List<Setting> settings) {

  /**
   * A privilege on it.
   *
   * @param grantee null: everybody
   */
  record Grant(@Nullable String grantee, String privilege, boolean grantable) {}

  /**
   * A setting that sessions begin with in it.
   *
   * @param role null: all roles
   */
  record Setting(@Nullable String role, SettingValue value) {

    /** Gives it to a database, whose name is quoted. */
    Step step(String database) {
      var whose =
          role == null
              ? "ALTER DATABASE " + database
              : "ALTER ROLE %s IN DATABASE %s".formatted(Identifier.quoted(role), database);
      return new Step(whose + " " + value.assignment(), "%s SET %s".formatted(whose, value.name()));
    }
  }

  /**
   * A statement, and what it does in words that hold no value of a setting.
   *
   * @param words for people
   */
  record Step(String sql, String words) {
    Step(String sql) {
      this(sql, sql);
    }
  }

  private static final String DATABASE =
      """
      SELECT d.oid, pg_catalog.pg_get_userbyid(d.datdba), t.spcname, d.datconnlimit, d.datallowconn,
        pg_catalog.shobj_description(d.oid, 'pg_database')
      FROM pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace
      WHERE d.datname = ?
      """;

  private static final String GRANTS =
      """
      SELECT CASE a.grantee WHEN 0 THEN NULL ELSE pg_catalog.pg_get_userbyid(a.grantee) END,
        a.privilege_type, a.is_grantable
      FROM pg_catalog.pg_database d,
        pg_catalog.aclexplode(COALESCE(d.datacl, pg_catalog.acldefault('d', d.datdba))) a
      WHERE d.datname = ? ORDER BY 1, 2
      """;

  private static final String SETTINGS =
      """
      SELECT r.rolname, c.setting
      FROM pg_catalog.pg_db_role_setting s
        JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
        LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole,
        pg_catalog.unnest(s.setconfig) WITH ORDINALITY c(setting, position)
      WHERE d.datname = ? ORDER BY s.setrole, c.position
      """;

  /** Those of a database of this server; empty where there is none of that name. */
  public static Optional<DatabaseTraits> read(Connection connection, String name)
      throws SQLException {
    return SearchPath.trusted(connection, it -> ask(it, name));
  }

  private static Optional<DatabaseTraits> ask(Connection connection, String name)
      throws SQLException {
    var grants = grants(connection, name);
    var settings = settings(connection, name);
    try (var query = connection.prepareStatement(DATABASE)) {
      query.setString(1, name);
      return Rows.all(
              query,
              row ->
                  new DatabaseTraits(
                      row.getLong(1),
                      name,
                      row.getString(2),
                      row.getString(3),
                      row.getInt(4),
                      row.getBoolean(5),
                      row.getString(6),
                      grants,
                      settings))
          .stream()
          .findFirst();
    }
  }

  private static List<Grant> grants(Connection connection, String name) throws SQLException {
    try (var query = connection.prepareStatement(GRANTS)) {
      query.setString(1, name);
      return Rows.all(
          query, row -> new Grant(row.getString(1), row.getString(2), row.getBoolean(3)));
    }
  }

  private static List<Setting> settings(Connection connection, String name) throws SQLException {
    try (var query = connection.prepareStatement(SETTINGS)) {
      query.setString(1, name);
      return Rows.all(
          query, row -> new Setting(row.getString(1), SettingValue.parse(row.getString(2))));
    }
  }

  /**
   * Gives another database this one's owner and who may do what with it. Each grant has the owner
   * as its grantor from then on.
   *
   * @param guest a role that was granted something on it
   */
  List<Step> access(String database, String guest) {
    var name = Identifier.quoted(database);
    var steps = new ArrayList<Step>();
    steps.add(new Step("ALTER DATABASE %s OWNER TO %s".formatted(name, Identifier.quoted(owner))));
    steps.add(
        new Step(
            "REVOKE ALL ON DATABASE %s FROM PUBLIC, %s, %s"
                .formatted(name, Identifier.quoted(owner), Identifier.quoted(guest))));
    for (var grant : grants) {
      steps.add(
          new Step(
              "GRANT %s ON DATABASE %s TO %s%s"
                  .formatted(
                      grant.privilege(),
                      name,
                      grant.grantee() == null ? "PUBLIC" : Identifier.quoted(grant.grantee()),
                      grant.grantable() ? " WITH GRANT OPTION" : "")));
    }
    return steps;
  }

  /**
   * Gives another database all that is this one's but the name.
   *
   * @param login whose own settings are left to {@link #settingsOf}; null: nobody's are
   */
  List<Step> all(String database, String guest, @Nullable String login) {
    var name = Identifier.quoted(database);
    var steps = new ArrayList<Step>(access(database, guest));
    settings.stream()
        .filter(it -> login == null || !login.equals(it.role()))
        .map(it -> it.step(name))
        .forEach(steps::add);
    steps.add(
        new Step(
            "COMMENT ON DATABASE %s IS%s"
                .formatted(name, comment == null ? " NULL" : Identifier.literal(comment)),
            "COMMENT ON DATABASE " + name));
    steps.add(new Step("ALTER DATABASE %s CONNECTION LIMIT %d".formatted(name, connectionLimit)));
    return steps;
  }

  /** Gives another database a role's own settings, which that role may do itself. */
  List<Step> settingsOf(String role, String database) {
    return settings.stream()
        .filter(it -> role.equals(it.role()))
        .map(it -> it.step(Identifier.quoted(database)))
        .toList();
  }
}
