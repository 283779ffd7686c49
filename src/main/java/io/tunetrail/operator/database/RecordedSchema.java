package io.tunetrail.operator.database;

import io.tunetrail.operator.database.SchemaSnapshot.Part;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What tunetrail.schema holds of the newest work, without the objects themselves.
 *
 * @param work the row of tunetrail.history
 * @param outcome how it ended; null while nobody saw it end
 * @param endedAt RFC 3339; null likewise
 * @param record null where that work recorded nothing
 */
record RecordedSchema(
    long work, @Nullable String outcome, @Nullable String endedAt, @Nullable Recording record) {

  /**
   * One schema as a work left it.
   *
   * @param serverMajor of the server that spelled it
   * @param fingerprint of all
   * @param token what {@link SchemaSnapshot#token} was
   */
  record Recording(int format, int serverMajor, String fingerprint, String token) {}

  private static final String READABLE =
      """
      SELECT COALESCE(
        pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE')
          AND pg_catalog.has_table_privilege(c.oid, 'SELECT'), false)
      FROM (SELECT 1) one LEFT JOIN pg_catalog.pg_class c
        ON c.oid = pg_catalog.to_regclass('tunetrail.schema')
      """;

  /** A resource that changes its edition has works with and without an engine's history. */
  private static final String NEWEST =
      """
      SELECT h.id, h.outcome, h.finished_at, s.format, s.server_major, s.fingerprint, s.token
      FROM tunetrail.history h LEFT JOIN tunetrail.schema s ON s.work = h.id
      WHERE h.work <> 'seed' AND (h.history_schema IS NOT DISTINCT FROM ? OR h.resource_uid = ?)
      ORDER BY h.id DESC LIMIT 1
      """;

  private static final String OBJECTS =
      "SELECT objects, parts, definitions FROM tunetrail.schema WHERE work = ?";

  /**
   * The newest work on a schema; empty where there is none, or nothing is ever recorded.
   *
   * @param historySchema null for create-all
   */
  static Optional<RecordedSchema> newest(
      Connection connection, @Nullable String historySchema, String resourceUid)
      throws SQLException {
    if (!WorkHistoryTable.holds(connection, READABLE)) {
      return Optional.empty();
    }
    try (var query = connection.prepareStatement(NEWEST)) {
      query.setString(1, historySchema);
      query.setString(2, resourceUid);
      return Rows.all(query, RecordedSchema::of).stream().findFirst();
    }
  }

  private static RecordedSchema of(ResultSet row) throws SQLException {
    var ended = row.getObject(3, OffsetDateTime.class);
    var fingerprint = row.getString(6);
    return new RecordedSchema(
        row.getLong(1),
        row.getString(2),
        ended == null ? null : ended.toInstant().toString(),
        fingerprint == null
            ? null
            : new Recording(row.getInt(4), row.getInt(5), fingerprint, row.getString(7)));
  }

  SchemaSnapshot snapshot(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement(OBJECTS)) {
      query.setLong(1, work);
      return Rows.single(query, RecordedSchema::snapshot);
    }
  }

  private static SchemaSnapshot snapshot(ResultSet row) throws SQLException {
    var objects = texts(row.getArray(1));
    var parts = texts(row.getArray(2));
    var definitions = texts(row.getArray(3));
    var snapshot = new SchemaSnapshot();
    for (int i = 0; i < objects.length; i++) {
      snapshot.definitions().put(new Part(objects[i], parts[i]), definitions[i]);
    }
    return snapshot;
  }

  private static String[] texts(Array array) throws SQLException {
    return (String[]) array.getArray();
  }
}
