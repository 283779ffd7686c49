package io.tunetrail.operator.database;

import io.tunetrail.operator.database.VersionHistory.SchemaVersions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** What the rows of works that ended left in tunetrail.history. */
final class FinishedWorks {
  private static final String VERSIONS =
      "h.history_schema, h.to_version, pg_catalog.array_remove(h.ancestors, NULL), h.outcome";

  private static final String FINISHED =
      """
      h.history_schema IS NOT NULL AND h.ancestors IS NOT NULL AND h.outcome IS NOT NULL
        AND h.work NOT IN ('create-all', 'seed')
      """;

  /** A baseline counts for the works after it as well. */
  private static final String NEWEST =
      """
      SELECT newest.*,
        (SELECT b.to_version FROM tunetrail.history b
         WHERE b.work = 'baseline' AND b.outcome = 'Done'
           AND b.history_schema = newest.history_schema ORDER BY b.id DESC LIMIT 1)
      FROM (
        SELECT DISTINCT ON (h.history_schema) %s FROM tunetrail.history h
        WHERE %s ORDER BY h.history_schema, h.id DESC) newest
      ORDER BY newest.history_schema
      """
          .formatted(VERSIONS, FINISHED);

  private static final String ENDED_AT =
      """
      SELECT DISTINCT ON (h.to_version) %s, NULL FROM tunetrail.history h
      WHERE %s AND h.history_schema = ?
        AND pg_catalog.string_to_array(h.to_version, ',') && ?::pg_catalog.text[]
      ORDER BY h.to_version, h.id DESC
      """
          .formatted(VERSIONS, FINISHED);

  private static final String CREATED =
      "SELECT EXISTS (SELECT FROM tunetrail.history WHERE work = 'create-all' AND outcome ="
          + " 'Done')";

  private FinishedWorks() {}

  /** The newest of each schema. */
  static List<SchemaVersions> newest(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement(NEWEST)) {
      return Rows.all(query, FinishedWorks::versions);
    }
  }

  /** The newest of those that ended at one of these revisions, for each text of to_version. */
  static List<SchemaVersions> endedAt(Connection connection, String schema, List<String> revisions)
      throws SQLException {
    try (var query = connection.prepareStatement(ENDED_AT)) {
      query.setString(1, schema);
      query.setArray(2, connection.createArrayOf("text", revisions.toArray()));
      return Rows.all(query, FinishedWorks::versions);
    }
  }

  /** Whether a create-all ever ended well. */
  static boolean created(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement(CREATED)) {
      return Rows.single(query, row -> row.getBoolean(1));
    }
  }

  private static SchemaVersions versions(ResultSet row) throws SQLException {
    return new SchemaVersions(
        row.getString(1),
        row.getString(2),
        List.of((String[]) row.getArray(3).getArray()),
        row.getString(5),
        row.getString(4));
  }
}
