package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The name by which a scratch database is known. It holds the server's time, because a comment
 * comes only after the database is made, and a process may end in between.
 */
final class ScratchName {
  private static final String PREFIX = "tunetrail_scratch_";
  private static final String OURS = "Belongs to the TuneTrail database operator: scratch of ";

  private static final String NEXT =
      """
      SELECT ? || pg_catalog.to_char(pg_catalog.now() AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISS') || '_'
        || pg_catalog.substr(pg_catalog.gen_random_uuid()::pg_catalog.text, 1, 8)
      """;

  /** Older than a day, in use by nobody, and not somebody's own that happens to be called so. */
  private static final String LEFT_OVERS =
      """
      SELECT d.datname FROM pg_catalog.pg_database d
      WHERE d.datname ~ ('^' || ? || '[0-9]{14}_[0-9a-f]{8}$')
        AND pg_catalog.substr(d.datname::pg_catalog.text, pg_catalog.length(?) + 1, 14)
          < pg_catalog.to_char(
              (pg_catalog.now() - INTERVAL '1 day') AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISS')
        AND COALESCE(
          pg_catalog.starts_with(pg_catalog.shobj_description(d.oid, 'pg_database'), ?), true)
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid)
      ORDER BY 1 LIMIT 20
      """;

  private ScratchName() {}

  /** One that no other database has. */
  static String next(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement(NEXT)) {
      query.setString(1, PREFIX);
      return Rows.single(query, row -> row.getString(1));
    }
  }

  /** What people read who find it. */
  static String comment(String purpose) {
    return OURS + purpose + ". Nobody needs it once that has ended.";
  }

  /** Drops what nobody dropped; what belongs to another role is left to that one. */
  static void dropLeftOvers(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement(LEFT_OVERS);
        var statement = connection.createStatement()) {
      query.setString(1, PREFIX);
      query.setString(2, PREFIX);
      query.setString(3, OURS);
      for (var name : Rows.all(query, row -> row.getString(1))) {
        try {
          statement.execute("DROP DATABASE IF EXISTS " + Identifier.quoted(name));
        } catch (SQLException e) {
          // Somebody else's, or somebody came in since.
        }
      }
    }
  }
}
