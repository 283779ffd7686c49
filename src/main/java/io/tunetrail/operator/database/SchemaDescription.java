package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * What schemas hold, in words that mean the same in every database: tables and views with their
 * columns, keys and indexes, and the values of enumerations. Left out is what reads differently
 * after a dump (defaults, checks, the queries of views), what is no structure (sequences,
 * partitions, which come and go with their data), functions, triggers, privileges, and whatever
 * belongs to an extension.
 *
 * @param schemas those that exist
 */
public record SchemaDescription(
    Set<String> schemas,
    SortedMap<ObjectName, TableDescription> tables,
    SortedMap<ObjectName, List<String>> enumerations) {

  /** What is compared, for people who rely on it. */
  public static final String SCOPE =
      "tables, columns, types, keys and indexes; not defaults, checks, functions, triggers and the"
          + " queries of views";

  /**
   * Reads the catalog in a few queries, however many tables there are.
   *
   * @param schemas those that don't exist are passed over
   * @param withoutTables names of tables that are somebody else's, as an engine's history
   */
  public static SchemaDescription read(
      Connection connection, Collection<String> schemas, Collection<String> withoutTables)
      throws SQLException {
    return new SchemaReader(connection, schemas, withoutTables).read();
  }

  /** The schemas of users: all but the server's, ours and those of extensions. */
  public static List<String> userSchemas(Connection connection) throws SQLException {
    return SchemaReader.userSchemas(connection);
  }

  /**
   * What {@code actual} lacks of this or has otherwise, in words and in order; empty where it will
   * do. Tables and indexes that it has besides are no difference, columns and keys of known tables
   * are.
   */
  public List<String> differences(SchemaDescription actual) {
    return new SchemaDifferences(this, actual).all();
  }

  /** The tables that {@code actual} has besides, where this has some too: each with its kind. */
  public List<String> tablesBesides(SchemaDescription actual) {
    return new SchemaDifferences(this, actual).tablesBesides();
  }
}
