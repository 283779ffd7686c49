package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What scripts find in a database and did not make themselves.
 *
 * @param searchPath the schemas in which unqualified names are found, in order
 * @param extensions all but those that every database has
 */
public record Surroundings(List<String> searchPath, List<Extension> extensions) {
  private static final String EXTENSIONS =
      """
      SELECT e.extname, n.nspname
      FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
      WHERE e.extname <> 'plpgsql' ORDER BY e.oid
      """;

  /** Every database has these, and nobody may make one. */
  private static final String SERVERS_OWN = "pg_";

  /** An extension and the schema it is in. */
  public record Extension(String name, String schema) {

    private String statement() {
      return "CREATE EXTENSION IF NOT EXISTS %s SCHEMA %s CASCADE"
          .formatted(Identifier.quoted(name), Identifier.quoted(schema));
    }
  }

  /** Those of a session in which scripts would run. */
  public static Surroundings read(Connection connection) throws SQLException {
    return new Surroundings(
        SearchPath.existing(connection), SearchPath.trusted(connection, Surroundings::extensions));
  }

  private static List<Extension> extensions(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement(EXTENSIONS)) {
      return Rows.all(query, row -> new Extension(row.getString(1), row.getString(2)));
    }
  }

  /**
   * Makes the same in an empty database as far as the role may; answers what it may not, each with
   * PostgreSQL's reason.
   *
   * @param made the extensions that the scripts make themselves
   */
  public List<String> make(Connection connection, Predicate<String> made) throws SQLException {
    var refused = new ArrayList<String>();
    for (var schema : searchPath) {
      if (!schema.startsWith(SERVERS_OWN)) {
        makeSchema(connection, schema);
      }
    }
    for (var extension : extensions) {
      if (!made.test(extension.name())) {
        makeExtension(connection, extension, refused);
      }
    }
    return refused;
  }

  private static void makeSchema(Connection connection, String schema) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA IF NOT EXISTS " + Identifier.quoted(schema));
    }
  }

  private static void makeExtension(
      Connection connection, Extension extension, List<String> refused) throws SQLException {
    try (var statement = connection.createStatement()) {
      if (!extension.schema().startsWith("pg_")) {
        makeSchema(connection, extension.schema());
      }
      statement.execute(extension.statement());
    } catch (SQLException e) {
      if (connection.isClosed()) {
        throw e;
      }
      refused.add("extension %s: %s".formatted(extension.name(), SqlFailure.words(e)));
    }
  }
}
