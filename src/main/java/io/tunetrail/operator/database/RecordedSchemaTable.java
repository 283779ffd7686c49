package io.tunetrail.operator.database;

import io.tunetrail.operator.database.SchemaSnapshot.Part;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The shape of tunetrail.schema, and its writing, under the fence, with a work's end. */
final class RecordedSchemaTable {
  /** Of what {@link SchemaSnapshot} holds; one of another format is not compared with. */
  static final int FORMAT = 2;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  static final String CREATE =
      """
      CREATE TABLE IF NOT EXISTS tunetrail.schema (
        work bigint PRIMARY KEY,
        format integer NOT NULL,
        server_major integer NOT NULL,
        fingerprint text NOT NULL,
        token text NOT NULL,
        objects text[] NOT NULL,
        parts text[] NOT NULL,
        definitions text[] NOT NULL);
      COMMENT ON TABLE tunetrail.schema IS
        'What the newest work of each history schema left, for telling later what somebody else changed: SELECT o.* FROM tunetrail.schema, unnest(objects, parts, definitions) o (object, part, definition).';
      COMMENT ON COLUMN tunetrail.schema.work IS 'The row of tunetrail.history.';
      COMMENT ON COLUMN tunetrail.schema.format IS 'Version of this row''s format.';
      COMMENT ON COLUMN tunetrail.schema.server_major IS 'PostgreSQL''s major version, which decides how definitions are spelled.';
      COMMENT ON COLUMN tunetrail.schema.fingerprint IS 'SHA-256 of all objects; a dump''s restore has the same.';
      COMMENT ON COLUMN tunetrail.schema.token IS 'Changes with the catalog''s rows, so that they need not be read while it stays.';
      COMMENT ON COLUMN tunetrail.schema.objects IS 'Kind and name of each object, and again for each of its parts.';
      COMMENT ON COLUMN tunetrail.schema.parts IS 'Column, constraint, index, trigger, rule, policy, grant, owner or comment; empty for the object itself.';
      COMMENT ON COLUMN tunetrail.schema.definitions IS 'What it is made of; the SHA-256 of what is long.';
      GRANT SELECT ON tunetrail.schema TO PUBLIC
      """;

  /** Whether the role may make it where it is missing. */
  static final String CREATABLE =
      """
      SELECT pg_catalog.to_regclass('tunetrail.schema') IS NULL
        AND pg_catalog.has_schema_privilege('tunetrail', 'CREATE')
      """;

  private static final String WRITABLE =
      """
      SELECT COALESCE((
        SELECT pg_catalog.has_table_privilege(c.oid, 'SELECT')
          AND pg_catalog.has_table_privilege(c.oid, 'INSERT')
          AND pg_catalog.has_table_privilege(c.oid, 'DELETE')
        FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass('tunetrail.schema')), false)
      """;

  private static final String FORGET =
      """
      DELETE FROM tunetrail.schema s USING tunetrail.history h
      WHERE h.id = s.work AND h.history_schema IS NOT DISTINCT FROM ?
      """;

  private static final String INSERT =
      """
      INSERT INTO tunetrail.schema
        (work, format, server_major, fingerprint, token, objects, parts, definitions)
      VALUES (?, ?, pg_catalog.current_setting('server_version_num')::pg_catalog.int4 / 10000,
        ?, ?, ?, ?, ?)
      """;

  private RecordedSchemaTable() {}

  private static boolean isWritable(Connection connection) throws SQLException {
    return WorkHistoryTable.holds(connection, WRITABLE);
  }

  /** What its owner can run against that. */
  private static String grant(Connection connection) throws SQLException {
    try (var query =
        connection.prepareStatement(
            "SELECT pg_catalog.format('GRANT SELECT, INSERT, DELETE ON tunetrail.schema TO %I;',"
                + " CURRENT_USER)")) {
      return Rows.single(query, row -> row.getString(1));
    }
  }

  /**
   * Records what the database holds now, in the transaction that ends the work.
   *
   * @param historySchema null for create-all
   * @param historyTable the engine's; null for create-all
   * @return why it can't; empty where it did
   */
  static Optional<String> record(
      Connection connection, long id, @Nullable String historySchema, @Nullable String historyTable)
      throws SQLException {
    if (!isWritable(connection)) {
      return Optional.of(
          "the role may not write it. As the owner of tunetrail.schema run: " + grant(connection));
    }
    var begin = connection.setSavepoint();
    try {
      var tables = historyTable == null ? List.<String>of() : List.of(historyTable);
      WorkHistoryTable.audit(connection, id, write(connection, id, historySchema, tables), null);
      return Optional.empty();
    } catch (SQLException e) {
      connection.rollback(begin);
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Writes it, and answers the fingerprint. The token is read first: what somebody changes
   * meanwhile makes the next look read all.
   *
   * @param historySchema null for create-all
   * @param withoutTables names of tables that are an engine's own
   */
  private static String write(
      Connection connection,
      long work,
      @Nullable String historySchema,
      Collection<String> withoutTables)
      throws SQLException {
    var token = SchemaSnapshot.token(connection);
    var snapshot = SchemaSnapshot.read(connection, withoutTables, PATIENCE);
    var fingerprint = snapshot.fingerprint();
    try (var delete = connection.prepareStatement(FORGET)) {
      delete.setString(1, historySchema);
      delete.executeUpdate();
    }
    var parts = snapshot.definitions().keySet();
    try (var insert = connection.prepareStatement(INSERT)) {
      insert.setLong(1, work);
      insert.setInt(2, FORMAT);
      insert.setString(3, fingerprint);
      insert.setString(4, token);
      insert.setArray(
          5, connection.createArrayOf("text", parts.stream().map(Part::object).toArray()));
      insert.setArray(
          6, connection.createArrayOf("text", parts.stream().map(Part::part).toArray()));
      insert.setArray(
          7, connection.createArrayOf("text", snapshot.definitions().values().toArray()));
      insert.executeUpdate();
    }
    return fingerprint;
  }
}
